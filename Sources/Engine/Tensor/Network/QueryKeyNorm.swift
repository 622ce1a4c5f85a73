/// A norm of each head's queries and keys with learned scales, which bounds their products (Henry et al., arXiv 2010.04245; Dehghani et
/// al., arXiv 2302.05442). The scales are the same for all heads.
public struct QueryKeyNorm: Module, Sendable {
    /// The norm: mean and variance, or the variance about 0 alone.
    public enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
        /// Mean 0 and variance 1, then a scale and a shift; 1e-5 is added to the variance, as PyTorch's layer does.
        case layerNorm
        /// Mean square 1, then a scale; 1e-6 is added to the mean square.
        case rmsNorm
    }

    /// The norm.
    public let kind: Kind
    var query: Scale
    var key: Scale

    /// A norm that begins with scales of 1 and shifts of 0.
    /// - Parameter width: units of a head.
    public init(_ kind: Kind, width: Int) {
        self.kind = kind
        query = Scale(width: width, isShifted: kind == .layerNorm)
        key = query
    }

    /// Rows [q k v], [n, tokens, 3 · width], with heads side by side in each third: q and k of each head normalised, v as it is.
    public func callAsFunction(_ rows: Tensor, heads: Int) -> Tensor {
        let width = rows.shape[2] / 3, each: Shape = [rows.shape[0], rows.shape[1], heads, width / heads]
        func part(_ index: Int) -> Tensor { rows.slice((index * width)..<((index + 1) * width), axis: 2) }
        func normalised(_ index: Int, _ scale: Scale) -> Tensor {
            scale(scaled(part(index).reshaped(to: each))).reshaped(to: [rows.shape[0], rows.shape[1], width])
        }
        return .concatenate([normalised(0, query), normalised(1, key), part(2)], axis: 2)
    }

    private func scaled(_ x: Tensor) -> Tensor {
        switch kind {
        case .layerNorm: LayerNorm(epsilon: 1e-5)(x)
        case .rmsNorm: x * reciprocal(sqrt(square(x).mean([-1], keepingAxes: true) + 1e-6))
        }
    }

    /// Visits the scales.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        query.visitParameters(under: "query", visit)
        key.visitParameters(under: "key", visit)
    }

    /// x · weight + bias, number by number.
    struct Scale: Module, Sendable {
        /// [width].
        var weight: Tensor
        /// [width]; nil without a shift.
        var bias: Tensor?

        init(width: Int, isShifted: Bool) {
            weight = .ones([width])
            bias = isShifted ? .zeros([width]) : nil
        }

        func callAsFunction(_ x: Tensor) -> Tensor { bias.map { x * weight + $0 } ?? x * weight }

        mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
            visit("weight", &weight)
            guard var bias else { return }
            visit("bias", &bias)
            self.bias = bias
        }
    }
}
