import Tensors

/// The adaptive weight of a sample's residual, Δ / (‖Δ‖²/d + ε)^k (MeanFlow, arXiv 2505.13447; FreeFlow, arXiv 2511.19428, has the
/// same with constants of its own). k = 0 is the squared error as it is; k = 1 gives every sample a gradient of about one size.
public struct AdaptiveWeight: Codable, Hashable, Sendable, Validated {
    /// k, at least 0.
    public let power: Double
    /// ε, above 0.
    public let epsilon: Double
    /// The number that ε is added to; nil is the mean.
    public let over: Reduction?

    /// The reductions of the squares of a residual.
    public enum Reduction: String, Codable, Hashable, Sendable, CaseIterable {
        /// ‖Δ‖²/d, the mean.
        case mean
        /// ‖Δ‖², the sum: ε counts for ε/d beside the mean (MeanFlow's published constant is one of the sum).
        case sum
    }

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
        case power, epsilon, over

        /// Keys that are gone, each with the new one.
        public static let renamed = ["exponent": "power"]
    }

    /// An adaptive weight with the constants k and ε.
    public init(power: Double, epsilon: Double, over: Reduction? = nil) {
        (self.power, self.epsilon, self.over) = (power, epsilon, over)
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try require(power, "power", atLeast: 0, atMost: Most.power)
        try positive(epsilon, "epsilon")
    }

    /// Residuals [n, d] → [n, d].
    public func callAsFunction(_ residual: Tensor) -> Tensor {
        guard power != 0 else { return residual }
        let constant = over == .sum ? epsilon / Double(residual.shape[1]) : epsilon
        let mean = square(residual).mean([1], keepingAxes: true) + constant
        return residual * exp(-power * log(mean))
    }
}
