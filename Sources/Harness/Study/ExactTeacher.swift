import FlowMaps

/// A teacher that is the exact velocity of the data's distribution: `{exact: {network: …}}`.
///
/// Only the network that students and auxiliaries begin as may be learned. It is a network of this shape with fresh
/// weights; or, with the keys of a training beside it (`times`, `labelDropout`, `optimization`), one trained by flow
/// matching as a teacher would be.
public struct ExactTeacher: Hashable, Sendable {
    /// The network that students and auxiliaries begin as.
    public let start: Start

    /// The networks that students and auxiliaries may begin as.
    public enum Start: Hashable, Sendable {
        case untrained(NetworkShape)
        case trained(TeacherTraining)
    }

    /// An exact teacher with the network that students begin as.
    public init(start: Start) { self.start = start }

    /// The shape of the network of students and auxiliaries.
    public var network: NetworkShape {
        switch start {
        case .untrained(let network): network
        case .trained(let training): training.network
        }
    }

    /// The training of the network that they begin as; nil where its weights are fresh.
    var training: TeacherTraining? { if case .trained(let training) = start { training } else { nil } }
}

extension ExactTeacher: Codable, Validated {
    private enum CodingKeys: String, CodingKey { case network }

    /// Decodes the value from a specification or a record.
    public init(from decoder: any Decoder) throws {
        let training = try TeacherTrainingKeys(decoder)
        guard !training.isPresent(but: .network) else {
            start = .trained(try TeacherTraining(from: decoder))
            return
        }
        start = .untrained(try decoder.container(keyedBy: CodingKeys.self).decode(NetworkShape.self, forKey: .network))
    }

    /// Encodes the value as a specification or a record holds it.
    public func encode(to encoder: any Encoder) throws {
        switch start {
        case .untrained(let network):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(network, forKey: .network)
        case .trained(let training): try training.encode(to: encoder)
        }
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) { try training?.validate() }
}

/// The keys of a teacher's training that a specification has.
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
