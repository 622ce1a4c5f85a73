import Tensors

/// Adam's constants (arXiv 1412.6980, Algorithm 1), with weight decay decoupled from the gradient (AdamW, arXiv 1711.05101).
///
/// Each may be absent from a specification, and is then the one that the first paper proposes; weight decay is then 0.
public struct AdamConstants: Hashable, Sendable, Validated {
    /// The decay of the first moment per step, in [0, 1).
    public let beta1: Double
    /// The decay of the second moment per step, in [0, 1).
    public let beta2: Double
    /// The number that is added to the root of the second moment, more than 0.
    public let epsilon: Double
    /// λ of θ ← θ − η λ θ in each step of learning rate η, at least 0.
    public let weightDecay: Double

    public init(beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0) {
        (self.beta1, self.beta2, self.epsilon, self.weightDecay) = (beta1, beta2, epsilon, weightDecay)
    }

    public func validate() throws(Violation) {
        try require(beta1, "beta1", in: 0..<1)
        try require(beta2, "beta2", in: 0..<1)
        try positive(epsilon, "epsilon")
        try require(weightDecay, "weightDecay", in: 0...1e6)
    }

    /// The optimizer of these constants, which scales gradients down to a norm of `clip`.
    func optimizer(clip: Double?) -> Adam {
        Adam(beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay, clip: clip)
    }
}
