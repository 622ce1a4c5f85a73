import FlowMaps

/// A teacher that is the exact velocity of the data's distribution: `{exact: {network: …}}`.
///
/// Nothing is learned but what students and auxiliaries begin as. That is a network of this shape that has seen nothing; or, with
/// the keys of a training beside it (`times`, `labelDropout`, `optimization`), one trained by flow matching as a teacher would be.
public struct ExactTeacher: Hashable, Sendable {
    public let start: Start

    public enum Start: Hashable, Sendable {
        case untrained(NetworkShape)
        case trained(TeacherTraining)
    }

    public init(start: Start) { self.start = start }

    /// What students and auxiliaries are.
    public var network: NetworkShape {
        switch start {
        case .untrained(let network): network
        case .trained(let training): training.network
        }
    }

    /// Of what they begin as; nil where that has seen nothing.
    var training: TeacherTraining? { if case .trained(let training) = start { training } else { nil } }
}

extension ExactTeacher: Codable, Validated {
    private enum CodingKeys: String, CodingKey { case network }

    public init(from decoder: any Decoder) throws {
        let training = try TeacherTrainingKeys(decoder)
        guard !training.isPresent(but: .network) else {
            start = .trained(try TeacherTraining(from: decoder))
            return
        }
        start = .untrained(try decoder.container(keyedBy: CodingKeys.self).decode(NetworkShape.self, forKey: .network))
    }

    public func encode(to encoder: any Encoder) throws {
        switch start {
        case .untrained(let network):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(network, forKey: .network)
        case .trained(let training): try training.encode(to: encoder)
        }
    }

    public func validate() throws(Violation) { try training?.validate() }
}

/// Which keys of a teacher's training a spec has.
struct TeacherTrainingKeys {
    enum Key: String, CodingKey, CaseIterable {
        case network, times, labelDropout, optimization, weighting, representation
    }

    private let present: [Key]

    init(_ decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        present = Key.allCases.filter(container.contains)
    }

    func isPresent(but key: Key) -> Bool { present.contains { $0 != key } }
}
