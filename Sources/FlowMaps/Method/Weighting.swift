import Tensors

/// The map from a residual Δ = F − target to the direction that F is moved against: a factor per row, and a shape.
public struct Weighting: Codable, Hashable, Sendable, Validated {
    /// The space in which the residual is taken.
    public let space: Space
    /// The shape of a row's residual.
    public let residual: Residual
    /// The factor by the times of a row.
    public let time: TimeWeight
    /// A weight by times that is learned besides; nil is none.
    public let learned: LearnedWeight?

    /// The spaces of a residual.
    public enum Space: String, Codable, Hashable, Sendable, CaseIterable {
        /// Δ as it is, between velocities.
        case velocity
        /// (t − s) Δ, between the states at s; the gradient gains another t − s.
        case state
    }

    /// The shape of a row's residual.
    public enum Residual: Codable, Hashable, Sendable, Validated {
        /// Δ: the squared error.
        case plain
        /// Δ / (‖Δ‖²/d + ε)^k; k = ½ is the pseudo-Huber distance with c² = ε d, up to a factor.
        case adaptiveWeight(AdaptiveWeight)
        /// Δ / (‖Δ‖/√d + c) (arXiv 2410.11081).
        case normalised(constant: Double)
        /// The same of Δ with each number kept within ± limit (arXiv 2507.03738).
        case clamped(limit: Double, power: Double, epsilon: Double)

        /// The keys in a specification.
        public enum CodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
            case plain, adaptiveWeight, normalised, clamped

            /// Keys that are gone, each with the new one.
            public static let renamed = ["decay": "adaptiveWeight"]
        }

        /// The keys of `clamped`.
        public enum ClampedCodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
            case limit, power, epsilon

            /// Keys that are gone, each with the new one.
            public static let renamed = ["exponent": "power"]
        }

        /// Checks the ranges of the settings.
        public func validate() throws(Violation) {
            switch self {
            case .plain, .adaptiveWeight: break
            case .normalised(let constant): try positive(constant, "normalised.constant")
            case .clamped(let limit, let power, let epsilon):
                try positive(limit, "clamped.limit")
                try require(power, "clamped.power", atLeast: 0, atMost: Most.power)
                try positive(epsilon, "clamped.epsilon")
            }
        }

        /// Residuals [n, d] → [n, d].
        func callAsFunction(_ residual: Tensor) -> Tensor {
            switch self {
            case .plain: return residual
            case .adaptiveWeight(let weight): return weight(residual)
            case .normalised(let constant):
                // The smallest number keeps the root's argument above 0, where this is never differentiated anyway.
                return residual / (sqrt(square(residual).mean([1], keepingAxes: true) + 1e-30) + constant)
            case .clamped(let limit, let power, let epsilon):
                let clamped = minimum(maximum(residual, Tensor(-limit)), Tensor(limit))
                return AdaptiveWeight(power: power, epsilon: epsilon)(clamped)
            }
        }
    }

    /// A factor by the times of a row.
    public enum TimeWeight: String, Codable, Hashable, Sendable, CaseIterable {
        case one
        /// sin(π t / 2).
        case sine
        /// (1 − √(1 − t)) sin(π t / 2) (arXiv 2507.03738).
        case anchored
        /// 1 / (σ − σ_r), of the neighbour of a consistency target (arXiv 2310.14189, 2406.14548).
        case sigmaGap
    }

    /// A weighting from its parts.
    public init(space: Space, residual: Residual, time: TimeWeight, learned: LearnedWeight? = nil) {
        (self.space, self.residual, self.time, self.learned) = (space, residual, time, learned)
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {}

    /// The direction [n, d] of residuals [n, d] at times [n, 1], constant to the gradient.
    func callAsFunction(_ delta: Tensor, from t: Tensor, to s: Tensor, neighbour r: Tensor) -> Tensor {
        let shaped =
            switch space {
            case .velocity: residual(delta)
            case .state: (t - s) * residual((t - s) * delta)
            }
        return stopGradient(shaped * factor(t, r))
    }

    /// ℓ [n, 1], the loss whose gradient is the direction, up to a factor that all rows share: the residual times its
    /// direction, or the square of the direction where the loss is the squared error to F − direction.
    func loss(of delta: Tensor, _ direction: Tensor) -> Tensor {
        let other: Tensor
        switch residual {
        case .plain, .adaptiveWeight: other = delta
        case .normalised, .clamped: other = direction
        }
        return stopGradient((other * direction).mean([1], keepingAxes: true))
    }

    private func factor(_ t: Tensor, _ r: Tensor) -> Tensor {
        switch time {
        case .one: Tensor(1)
        case .sine: sin(Double.pi / 2 * t)
        case .anchored: (1 - sqrt(maximum(1 - t, Tensor(1e-12)))) * sin(Double.pi / 2 * t)
        // (1 − t) (1 − r) / (t − r): 0 at t = 1, where r = t may hold too.
        case .sigmaGap: (1 - t) * (1 - r) / maximum(t - r, Tensor(1e-6))
        }
    }
}

/// The weight of arXiv 2503.07565: ½ sigmoid(b − λ) (−dλ/dt) (1 − t)^a / ((1 − t)² + t²), λ = 2 ln((1 − t) / t), written as
/// t (1 − t)^{a−1} / ((t² + e^{−b} (1 − t)²) ((1 − t)² + t²)).
public struct MomentWeight: Codable, Hashable, Sendable, Validated {
    /// 1 or 2.
    public let power: Int
    /// b, the shift of the logarithmic signal-to-noise ratio λ.
    public let bias: Double

    /// A weight with the constants a and b.
    public init(power: Int, bias: Double) { (self.power, self.bias) = (power, bias) }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try require(power, "power", in: 1...2)
        try require(bias, "bias", in: -20...20)
    }

    /// t [n, 1] in (0, 1] → [n, 1].
    func callAsFunction(_ t: Tensor) -> Tensor {
        let rest = square(1 - t)
        let numerator = power == 1 ? t : t * (1 - t)
        return numerator / maximum((square(t) + exp(Tensor(-bias)) * rest) * (rest + square(t)), Tensor(1e-12))
    }
}
