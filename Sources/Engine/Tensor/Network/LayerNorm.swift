/// Normalisation of each row to mean 0 and variance 1 (Ba et al., arXiv 1607.06450), without learned scale and shift: where a
/// network modulates its rows, they would be said twice.
public struct LayerNorm: Hashable, Sendable {
    /// Added to the variance.
    public let epsilon: Double

    /// Creates a layer norm.
    /// - Parameter epsilon: a number that is added to the variance.
    public init(epsilon: Double = 1e-6) {
        precondition(epsilon > 0, "a variance of 0 needs a positive epsilon, not \(epsilon)")
        self.epsilon = epsilon
    }

    /// […, width] → […, width].
    public func callAsFunction(_ x: Tensor) -> Tensor {
        let centred = x - x.mean([-1], keepingAxes: true)
        let variance = square(centred).mean([-1], keepingAxes: true)
        return centred * reciprocal(sqrt(variance + epsilon))
    }
}
