/// Multi-head self-attention (Vaswani et al., arXiv 1706.03762): for each head softmax(q kᵀ / √d) v, heads side by side, mixed by
/// a last layer.
public struct Attention: Module, Sendable {
    /// The number of heads.
    public let heads: Int
    /// [width, 3 · width]: queries, keys and values side by side, heads side by side within each.
    public var input: Linear
    /// The norm of queries and keys; nil without.
    public var norm: QueryKeyNorm?
    /// [width, width].
    public var output: Linear

    /// `width` is a multiple of `heads`.
    /// - Parameter norm: the norm of queries and keys before their products; nil is none.
    public init(width: Int, heads: Int, norm: QueryKeyNorm.Kind? = nil, key: RandomKey) {
        precondition(heads > 0 && width.isMultiple(of: heads), "width \(width) is no multiple of \(heads) heads")
        self.heads = heads
        self.norm = norm.map { QueryKeyNorm($0, width: width / heads) }
        input = Linear(inputs: width, outputs: 3 * width, key: key.folding("input"))
        output = Linear(inputs: width, outputs: width, key: key.folding("output"))
    }

    /// [n, tokens, width] → [n, tokens, width]; every token sees every other of its row.
    public func callAsFunction(_ x: Tensor) -> Tensor {
        precondition(x.rank == 3, "attention is over [n, tokens, width], not shape \(x.shape)")
        let rows = norm.map { $0(input(x), heads: heads) } ?? input(x)
        return output(AttentionPart.value([rows], heads: heads))
    }

    /// Visits the weights.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        input.visitParameters(under: "input", visit)
        norm?.visitParameters(visit)
        output.visitParameters(under: "output", visit)
    }
}
