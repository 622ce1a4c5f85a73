import Tensors

/// Guidance away from a weaker velocity: u_γ = u_weak + γ (u − u_weak), inside an interval of time; outside it γ = 1.
///
/// The weaker one is the same teacher without a class (arXiv 2207.12598), or another teacher (autoguidance, arXiv 2406.02507).
public struct Guidance: Codable, Hashable, Sendable, Validated {
    /// γ; 1 is no guidance.
    public let scale: Scale
    /// The interval of t in which it acts, within [0, 1].
    public let from: Double
    public let to: Double
    /// What it leads away from; absent is the teacher without a class.
    public let by: Reference?

    /// γ, or where it comes from.
    public enum Scale: Hashable, Sendable {
        case fixed(Double)
        /// A row's own, drawn by the student's distribution of scales, which is told the student too. Written `drawn`.
        case drawn
    }

    /// The weaker velocity.
    public enum Reference: String, Codable, Hashable, Sendable, CaseIterable {
        case unconditional
        case weakTeacher
    }

    public init(scale: Scale, from: Double = 0, to: Double = 1, by: Reference? = nil) {
        (self.scale, self.from, self.to, self.by) = (scale, from, to, by)
    }

    public init(scale: Double, from: Double = 0, to: Double = 1, by: Reference? = nil) {
        self.init(scale: .fixed(scale), from: from, to: to, by: by)
    }

    public func validate() throws(Violation) {
        if case .fixed(let scale) = scale { try require(scale, "scale", atLeast: 0, atMost: Most.guidance) }
        try probability(from, "from")
        try require(to, "to", in: from...1)
    }

    /// Whether it ever changes a velocity.
    public var isActive: Bool { scale != .fixed(1) }

    /// Whether a step of a sampler at time t is guided, and so costs two evaluations.
    public func acts(at t: Double) -> Bool { isActive && t >= from && t <= to }
}

extension Guidance.Scale: Codable, CustomStringConvertible {
    private static let word = "drawn"

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

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .fixed(let number): try container.encode(number)
        case .drawn: try container.encode(Self.word)
        }
    }

    public var description: String {
        switch self {
        case .fixed(let number): "\(number)"
        case .drawn: Self.word
        }
    }
}

/// A velocity under guidance.
public struct GuidedVelocity<Field: GuidableVelocity>: VelocityField {
    public let field: Field
    /// Nil leaves the field as it is.
    public let guidance: Guidance?

    public init(_ field: Field, _ guidance: Guidance?) { (self.field, self.guidance) = (field, guidance) }

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
