import Tensors

/// Guidance away from a weaker velocity: u_γ = u_weak + γ (u − u_weak), inside an interval of time; outside it γ = 1.
///
/// The weaker one is the same teacher without a class (arXiv 2207.12598), or another teacher (autoguidance, arXiv 2406.02507).
public struct Guidance: Codable, Hashable, Sendable, Validated {
    /// γ; 1 is no guidance.
    public let scale: Scale
    /// The start of the interval of t in which guidance acts, in [0, 1].
    public let from: Double
    /// The end of that interval, in [`from`, 1].
    public let to: Double
    /// The weaker velocity that guidance leads away from; nil is the teacher without a class.
    public let by: Reference?
    /// κ, the share of the student's own velocity under the class: v_γ = γ v + (1 − γ − κ) F(x, t, t | no class) + κ F(x, t, t | c) (arXiv
    /// 2505.13447, Eq. 21); with γ = 1 it is the model guidance v + κ (F(· | c) − F(· | no class)) of arXiv 2510.24474. Only for a
    /// conditional velocity; nil is 0.
    public let kappa: Double?

    /// The scale γ.
    public enum Scale: Hashable, Sendable {
        /// One scale for all rows.
        case fixed(Double)
        /// A scale per row, drawn from the student's distribution of scales, on which the student is conditioned too.
        /// A specification writes `drawn`.
        case drawn
    }

    /// The weaker velocity.
    public enum Reference: String, Codable, Hashable, Sendable, CaseIterable {
        /// The same teacher without a class.
        case unconditional
        /// The weaker teacher of the study.
        case weakTeacher
    }

    /// Guidance with a fixed or drawn scale.
    public init(scale: Scale, from: Double = 0, to: Double = 1, by: Reference? = nil, kappa: Double? = nil) {
        (self.scale, self.from, self.to, self.by, self.kappa) = (scale, from, to, by, kappa)
    }

    /// Guidance with one scale for all rows.
    public init(scale: Double, from: Double = 0, to: Double = 1, by: Reference? = nil, kappa: Double? = nil) {
        self.init(scale: .fixed(scale), from: from, to: to, by: by, kappa: kappa)
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        if case .fixed(let scale) = scale { try require(scale, "scale", atLeast: 0, atMost: Most.guidance) }
        try probability(from, "from")
        try require(to, "to", in: from...1)
        if let kappa { try require(kappa, "kappa", atLeast: 0, atMost: Most.guidance) }
    }

    /// Guidance changes some velocity.
    public var isActive: Bool { scale != .fixed(1) || kappa ?? 0 != 0 }

    /// A sampler's step at time t is guided, and so costs two evaluations.
    public func acts(at t: Double) -> Bool { isActive && t >= from && t <= to }
}

extension Guidance.Scale: Codable, CustomStringConvertible {
    private static let word = "drawn"

    /// Decodes the value from a specification or a record.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let word = try? container.decode(String.self), word == Self.word {
            self = .drawn
        } else if let number = try? container.decode(Double.self) {
            self = .fixed(number)
        } else {
            let found = (try? container.decode(String.self)) ?? "no number"
            throw Violation(key: nil, found: found, allowed: "a decimal number, or the word \(Self.word)")
        }
    }

    /// Encodes the value as a specification or a record holds it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .fixed(let number): try container.encode(number)
        case .drawn: try container.encode(Self.word)
        }
    }

    /// The scale as a specification has it.
    public var description: String {
        switch self {
        case .fixed(let number): "\(number)"
        case .drawn: Self.word
        }
    }
}

/// A velocity under guidance.
public struct GuidedVelocity<Field: GuidableVelocity>: VelocityField {
    /// The velocity that is guided.
    public let field: Field
    /// The guidance; nil leaves the field as it is.
    public let guidance: Guidance?

    /// A velocity under guidance; nil leaves it as it is.
    public init(_ field: Field, _ guidance: Guidance?) { (self.field, self.guidance) = (field, guidance) }

    /// x [n, d], t [n, 1] → [n, d].
    public func callAsFunction(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
        let strong = field(x, at: t, given: condition)
        guard let guidance, guidance.isActive, let weak = weaker(guidance, x, t, condition) else { return strong }
        let outside = maximum(greater(Tensor(guidance.from), t), greater(t, Tensor(guidance.to)))
        return select(outside, strong, weak + scale(guidance, condition) * (strong - weak))
    }

    private func weaker(_ guidance: Guidance, _ x: Tensor, _ t: Tensor, _ condition: Condition) -> Tensor? {
        switch guidance.by ?? .unconditional {
        case .unconditional: condition.labels == nil ? nil : field.unconditional(x, at: t)
        case .weakTeacher: field.weak(x, at: t, given: condition)
        }
    }

    private func scale(_ guidance: Guidance, _ condition: Condition) -> Tensor {
        switch guidance.scale {
        case .fixed(let scale): return Tensor(scale)
        case .drawn:
            guard let scale = condition.guidance else { preconditionFailure("no guidance scales [n, 1] were drawn") }
            return scale
        }
    }
}
