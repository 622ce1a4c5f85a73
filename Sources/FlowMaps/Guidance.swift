import Engine

/// Classifier-free guidance (arXiv 2207.12598): u_γ = γ u(·|c) + (1 − γ) u(·), inside an interval of time; outside it γ = 1.
public struct Guidance: Codable, Hashable, Sendable, Validated {
    /// γ; 1 is no guidance.
    public let scale: Double
    /// The interval of t in which it acts, within [0, 1].
    public let from: Double
    public let to: Double

    public init(scale: Double, from: Double = 0, to: Double = 1) {
        (self.scale, self.from, self.to) = (scale, from, to)
    }

    public func validate() throws(Violation) {
        try require(scale, "scale", in: 0...)
        try probability(from, "from")
        try require(to, "to", in: from...1)
    }

    /// Whether a step of a sampler at time t is guided, and so costs two evaluations.
    public func acts(at t: Double) -> Bool { scale != 1 && t >= from && t <= to }
}

/// A velocity under guidance.
public struct GuidedVelocity<Field: GuidableVelocity>: VelocityField {
    public let field: Field
    /// Nil leaves the field as it is.
    public let guidance: Guidance?

    public init(_ field: Field, _ guidance: Guidance?) { (self.field, self.guidance) = (field, guidance) }

    public func callAsFunction(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
        let conditional = field(x, at: t, given: condition)
        guard let guidance, guidance.scale != 1, condition.labels != nil else { return conditional }
        let unconditional = field.unconditional(x, at: t)
        let outside = maximum(greater(Tensor(guidance.from), t), greater(t, Tensor(guidance.to)))
        return select(outside, conditional, unconditional + guidance.scale * (conditional - unconditional))
    }
}
