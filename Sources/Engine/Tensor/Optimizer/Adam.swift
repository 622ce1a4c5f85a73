/// Adam with bias correction (Kingma and Ba, arXiv 1412.6980, Algorithm 1), after clipping the gradient to a norm.
public struct Adam: Hashable, Sendable {
    /// Decay of the first moment, in [0, 1).
    public let beta1: Double
    /// Decay of the second moment, in [0, 1).
    public let beta2: Double
    /// Added to the root of the second moment.
    public let epsilon: Double
    /// λ of θ ← θ − η λ θ beside each step, decoupled from the gradient (arXiv 1711.05101, Algorithm 2), at least 0.
    public let weightDecay: Double
    /// The norm over all parameters that a gradient is scaled down to; nil leaves it.
    public let clip: Double?

    /// Creates the optimizer with its constants.
    public init(
        beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, weightDecay: Double = 0,
        clip: Double? = nil
    ) {
        self.beta1 = beta1
        self.beta2 = beta2
        self.epsilon = epsilon
        self.weightDecay = weightDecay
        self.clip = clip
    }

    /// The moments of each parameter; zero before the first step.
    public struct Moments<M: Module>: Module {
        /// The averages of the gradient and of its square.
        public var first, second: M

        /// Creates moments of zero for a model.
        public init(of model: M) { (first, second) = (model.zeros, model.zeros) }

        /// Visits the first moments, then the second ones.
        public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
            first.visitParameters(under: "first", visit)
            second.visitParameters(under: "second", visit)
        }
    }

    /// One step: parameters and moments are replaced.
    /// - Parameters:
    ///   - rate: the learning rate, a scalar.
    ///   - step: the number of this step, from 1, a scalar.
    /// - Returns: the norm of the gradient before clipping.
    @discardableResult
    public func update<M: Module>(
        _ model: inout M, _ moments: inout Moments<M>, gradient: M, rate: Tensor, step: Tensor
    ) -> Tensor {
        let norm = sqrt(gradient.parameters.map { square($0).sum() }.reduce(Tensor(0), +))
        // The scale is 1 for norms up to the clip; the smallest normal number keeps 0 / 0 away.
        let scale = clip.map { minimum(Tensor(1), Tensor($0) / maximum(norm, Tensor(1e-30))) }
        let clipped = scale.map { scale in gradient.mapParameters { $0 * scale } } ?? gradient
        moments.first = moments.first.zipParameters(clipped) { beta1 * $0 + (1 - beta1) * $1 }
        moments.second = moments.second.zipParameters(clipped) { beta2 * $0 + (1 - beta2) * square($1) }
        // βᵗ = exp(t ln β)
        let correction1 = 1 - exp(step * naturalLogarithm(beta1)), correction2 = 1 - exp(step * naturalLogarithm(beta2))
        let stepSize = rate / correction1
        let direction = moments.first.zipParameters(moments.second) { first, second in
            first / (sqrt(second / correction2) + epsilon)
        }
        // Without weight decay the factor would be 1, and the product is left out.
        if weightDecay > 0 {
            let kept = 1 - weightDecay * rate
            model = model.mapParameters { $0 * kept }
        }
        model = model.zipParameters(direction) { $0 - stepSize * $1 }
        return norm
    }
}
