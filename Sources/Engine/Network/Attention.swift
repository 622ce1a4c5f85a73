/// Multi-head self-attention (Vaswani et al., arXiv 1706.03762): for each head softmax(q kᵀ / √d) v, heads side by side, mixed by
/// a last layer.
public struct Attention: Module, Sendable {
    public let heads: Int
    /// [width, 3 · width]: queries, keys and values side by side, heads side by side within each.
    public var input: Linear
    /// [width, width].
    public var output: Linear

    /// `width` is a multiple of `heads`.
    public init(width: Int, heads: Int, key: RandomKey) {
        precondition(heads > 0 && width.isMultiple(of: heads), "width \(width) is no multiple of \(heads) heads")
        self.heads = heads
        input = Linear(inputs: width, outputs: 3 * width, key: key.folding("input"))
        output = Linear(inputs: width, outputs: width, key: key.folding("output"))
    }

    /// [n, tokens, width] → [n, tokens, width]; every token sees every other of its row.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(x.rank == 3, "attention is over [n, tokens, width], not shape \(x.shape)")
        let (rows, tokens, width) = (x.shape[0], x.shape[1], x.shape[2])
        let mixed = input(x)
        /// [n, heads, tokens, width / heads]
        func part(_ index: Int) -> Tensor {
            mixed.slice((index * width)..<((index + 1) * width), axis: 2)
                .reshaped(to: [rows, tokens, heads, width / heads]).transposed([0, 2, 1, 3])
        }
        let scale = 1 / Double(width / heads).squareRoot()
        let weights = softmax(part(0).product(part(1).transpose) * scale)
        let seen = weights.product(part(2)).transposed([0, 2, 1, 3])
        return output(seen.reshaped(to: [rows, tokens, width]))
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        input.visitParameters(under: "input", visit)
        output.visitParameters(under: "output", visit)
    }
}
