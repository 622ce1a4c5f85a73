import Tensors

/// A distribution of guidance scales γ ≥ 0, drawn for each row of a batch.
public enum GuidanceScaleDistribution: Codable, Hashable, Sendable, Validated {
    /// Uniform on [from, to].
    case uniform(from: Double, to: Double)
    /// The logarithm uniform: as many scales from 1 to 2 as from 2 to 4. Both ends above 0.
    case logUniform(from: Double, to: Double)
    /// Always the same scale.
    case point(at: Double)

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable { case uniform, logUniform, point }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        switch self {
        case .uniform(let from, let to):
            try require(from, "uniform.from", atLeast: 0, atMost: Most.guidance)
            try require(to, "uniform.to", atLeast: from, atMost: Most.guidance)
        case .logUniform(let from, let to):
            try positive(from, "logUniform.from")
            try require(from, "logUniform.from", atLeast: 0, atMost: Most.guidance)
            try require(to, "logUniform.to", atLeast: from, atMost: Most.guidance)
        case .point(let scale): try require(scale, "point.at", atLeast: 0, atMost: Most.guidance)
        }
    }

    /// Scales [count, 1], drawn at a step.
    public func draw(_ count: Int, key: RandomKey, step: Tensor) -> Tensor {
        let share = Tensor.uniform([count, 1], key: key.folding("uniform"), step: step)
        switch self {
        case .uniform(let from, let to): return from + (to - from) * share
        case .logUniform(let from, let to): return from * exp(log(Tensor(to / from)) * share)
        case .point(let scale): return Tensor(scale).broadcast(to: [count, 1])
        }
    }
}
