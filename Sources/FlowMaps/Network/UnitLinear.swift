import Tensors

/// y = x · Ŵ along the last axis, Ŵ the weights with each column divided by its length: outputs have the variance of the inputs,
/// where these are uncorrelated (EDM2, arXiv 2312.02696, Eq. 47 and 66). There is no bias; a constant input stands in for it.
///
/// After each step of training columns are set back to the length √inputs, at which they began (the same, Algorithm 1): else they
/// would grow, and what a step changes would shrink. What is computed depends on their directions alone.
public struct UnitLinear: Module, Sendable {
    /// [inputs, outputs].
    public var direction: Tensor

    static let parameterName = "direction"

    public init(inputs: Int, outputs: Int, key: RandomKey) {
        direction = .normal([inputs, outputs], key: key.folding(Self.parameterName))
    }

    /// Ŵ, [inputs, outputs].
    var weight: Tensor { direction.unitColumns }

    /// […, inputs] → […, outputs].
    public func callAsFunction(_ x: Tensor) -> Tensor { x.matmul(weight) }

    /// A row of Ŵ · √rows for each whole number […] below the number of rows: […, outputs], of variance 1 over the columns.
    func row(_ index: Tensor) -> Tensor { (weight * Double(direction.shape[0]).squareRoot()).gather(index) }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        visit(Self.parameterName, &direction)
    }
}

extension Tensor {
    /// Each column of [rows, columns] divided by its length.
    fileprivate var unitColumns: Tensor {
        // EDM2's ε, far below any length.
        self * reciprocal(sqrt(square(self).sum([0], keepingAxes: true) + 1e-8))
    }
}

extension Module {
    /// Sets the columns of magnitude-preserving weights back to the length √inputs.
    mutating func normaliseDirections() {
        visitParameters { name, tensor in
            guard name.hasSuffix(UnitLinear.parameterName) else { return }
            tensor = tensor.unitColumns * Double(tensor.shape[0]).squareRoot()
        }
    }
}

/// Operations that keep the variance of uncorrelated inputs of variance 1 (the same, section 2.3 and appendix B).
enum MagnitudePreserving {
    /// silu(a) over its root mean square on normal numbers.
    static func silu(_ a: Tensor) -> Tensor { Tensors.silu(a) / 0.596 }

    /// ((1 − share) a + share b) / √((1 − share)² + share²).
    static func sum(_ a: Tensor, _ b: Tensor, share: Double) -> Tensor {
        let length = ((1 - share) * (1 - share) + share * share).squareRoot()
        let kept = (1 - share) / length, added = share / length
        return kept * a + added * b
    }

    /// The rows along the last axis with root mean square 1.
    static func normalised(_ a: Tensor) -> Tensor {
        a * reciprocal(sqrt(square(a).mean([-1], keepingAxes: true) + 1e-8))
    }

    /// The features of a scalar, of which sine and cosine together have the mean square ½.
    static func features(_ features: TimeFeatures, _ scalar: Tensor) -> Tensor { 2.0.squareRoot() * features(scalar) }

    /// The share of a block's own in the sum with what goes by it.
    static let residualShare = 0.3
    /// Of two inputs alike.
    static let even = 0.5
}
