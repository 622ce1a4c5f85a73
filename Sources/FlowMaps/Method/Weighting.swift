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
        /// Δ / (‖Δ‖²/d + ε)^k of Δ with each number kept within ± limit and then relaxed by the times (arXiv 2507.03738).
        case clamped(limit: Double, power: Double, epsilon: Double)
        /// Δ beside the gradient of the direction: that of ‖Δ‖² / 2 + d (1 − cos(F, F − Δ)) / 2 (arXiv 2507.03738, the anchor's loss).
        case cosine

        /// The keys in a specification.
        public enum CodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
            case plain, adaptiveWeight, normalised, clamped, cosine

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
            case .plain, .adaptiveWeight, .cosine: break
            case .normalised(let constant): try positive(constant, "normalised.constant")
            case .clamped(let limit, let power, let epsilon):
                try positive(limit, "clamped.limit")
                try require(power, "clamped.power", atLeast: 0, atMost: Most.power)
                try positive(epsilon, "clamped.epsilon")
            }
        }

        /// Residuals and outputs [n, d] → [n, d].
        /// - Parameter relaxation: a factor of the residual inside its shape, [n, 1] or a scalar.
        func callAsFunction(_ residual: Tensor, of output: Tensor, relaxedBy relaxation: Tensor?) -> Tensor {
            func relaxed(_ residual: Tensor) -> Tensor { relaxation.map { $0 * residual } ?? residual }
            switch self {
            case .plain: return relaxed(residual)
            case .adaptiveWeight(let weight): return weight(relaxed(residual))
            case .cosine: return relaxed(residual) + Self.turn(output, towards: output - residual)
            case .normalised(let constant):
                let residual = relaxed(residual)
                // The smallest number keeps the root's argument above 0, where this is never differentiated anyway.
                return residual / (sqrt(square(residual).mean([1], keepingAxes: true) + 1e-30) + constant)
            case .clamped(let limit, let power, let epsilon):
                let clamped = minimum(maximum(residual, Tensor(-limit)), Tensor(limit))
                return AdaptiveWeight(power: power, epsilon: epsilon)(relaxed(clamped))
            }
        }

        /// The gradient by F of d (1 − cos(F, v)) / 2, [n, d]: d (cos F / ‖F‖² − v / (‖F‖ ‖v‖)) / 2.
        private static func turn(_ output: Tensor, towards velocity: Tensor) -> Tensor {
            func norm(_ x: Tensor) -> Tensor {
                // Where a vector is 0 it has no direction; the smallest number keeps 0 / 0 away.
                sqrt(square(x).sum([1]) + 1e-12).reshaped(to: [x.shape[0], 1])
            }
            let (length, other) = (norm(output), norm(velocity))
            let along = (output * velocity).sum([1]).reshaped(to: length.shape) / (length * other)
            return Double(output.shape[1]) / 2 * (along * output / square(length) - velocity / (length * other))
        }
    }

    /// A factor by the times of a row.
    public enum TimeWeight: String, Codable, Hashable, Sendable, CaseIterable {
        case one
        /// sin(π t / 2).
        case sine
        /// sin(π t / 2), and the residual relaxed by 1 − √(1 − t) inside its shape (arXiv 2507.03738).
        case anchored
        /// 1, and the residual relaxed by (1 − t) / √((1 − t)² + t²) inside its shape: the cosine of the tangent of arXiv 2410.11081,
        /// which takes rows near t = 1 away.
        case cosine
        /// 1 / (σ − σ_r), of the neighbour of a consistency target (arXiv 2310.14189, 2406.14548).
        case sigmaGap
    }

    /// A weighting from its parts.
    public init(space: Space, residual: Residual, time: TimeWeight, learned: LearnedWeight? = nil) {
        (self.space, self.residual, self.time, self.learned) = (space, residual, time, learned)
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {}

    /// The direction [n, d] of residuals and outputs [n, d] at times [n, 1], constant to the gradient.
    func callAsFunction(
        _ delta: Tensor, of output: Tensor, from t: Tensor, to s: Tensor, neighbour r: Tensor
    ) -> Tensor {
        let relaxation = relaxation(t)
        let shaped =
            switch space {
            case .velocity: residual(delta, of: output, relaxedBy: relaxation)
            case .state: (t - s) * residual((t - s) * delta, of: (t - s) * output, relaxedBy: relaxation)
            }
        return stopGradient(shaped * factor(t, r))
    }

    /// ℓ [n, 1], the loss whose gradient is the direction, up to a factor that all rows share: the residual times its
    /// direction, or the square of the direction where the loss is the squared error to F − direction.
    func loss(of delta: Tensor, _ direction: Tensor) -> Tensor {
        let other: Tensor
        switch residual {
        case .plain, .adaptiveWeight, .cosine: other = delta
        case .normalised, .clamped: other = direction
        }
        return stopGradient((other * direction).mean([1], keepingAxes: true))
    }

    /// The factor of the residual inside its shape, [n, 1]; nil where there is none.
    private func relaxation(_ t: Tensor) -> Tensor? {
        switch time {
        case .one, .sine, .sigmaGap: nil
        case .anchored: 1 - sqrt(maximum(1 - t, Tensor(1e-12)))
        case .cosine: (1 - t) / sqrt(square(1 - t) + square(t))
        }
    }

    private func factor(_ t: Tensor, _ r: Tensor) -> Tensor {
        switch time {
        case .one, .cosine: Tensor(1)
        case .sine, .anchored: sin(Double.pi / 2 * t)
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
