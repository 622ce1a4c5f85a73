import Engine

/// The weight of a sample's residual: Δ / (‖Δ‖²/d + ε)^k (arXiv 2511.19428; MeanFlow's adaptive weight, arXiv 2505.13447, is
/// the same with its own constants). k = 0 is the plain squared error; k = 1 gives every sample a gradient of about one size.
public struct ResidualDecay: Codable, Hashable, Sendable, Validated {
    /// k, at least 0.
    public let exponent: Double
    /// ε, above 0.
    public let epsilon: Double

    public init(exponent: Double, epsilon: Double) { (self.exponent, self.epsilon) = (exponent, epsilon) }

    public func validate() throws(Violation) {
        try require(exponent, "exponent", in: 0...)
        try positive(epsilon, "epsilon")
    }

    /// Residuals [n, d] → [n, d].
    public func callAsFunction(_ residual: Tensor) -> Tensor {
        guard exponent != 0 else { return residual }
        let mean = square(residual).mean([1], keepingAxes: true) + epsilon
        return residual * exp(-exponent * log(mean))
    }
}
