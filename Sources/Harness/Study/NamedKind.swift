/// A kind of something of which a study names one: `data: {idx: {…}}`, or the bare name where it has no settings.
///
/// Each is a type in a file of its own, listed by its `KindChoice`; its coding keys are the keys in a study.
package protocol NamedKind: Codable, Hashable, Sendable {
    /// The name in a specification: "idx".
    static var name: String { get }
}

extension NamedKind {
    /// Both are of one kind with the same settings.
    func isEqual(to other: any NamedKind) -> Bool { other as? Self == self }
}

/// What is of one of several kinds.
package protocol KindChoice: SendableMetatype {
    /// The kinds, in the order in which errors list them.
    static var listedKinds: [any NamedKind.Type] { get }
}

/// The name of a kind in a specification.
package struct KindKey<Choice: KindChoice>: CodingKey, CaseIterable {
    fileprivate let kind: any NamedKind.Type

    package static var allCases: [KindKey] { Choice.listedKinds.map(KindKey.init) }

    fileprivate init(kind: any NamedKind.Type) { self.kind = kind }

    package init?(stringValue: String) {
        guard let kind = Choice.listedKinds.first(where: { $0.name == stringValue }) else { return nil }
        self.kind = kind
    }

    package init?(intValue: Int) { nil }

    package var stringValue: String { kind.name }
    package var intValue: Int? { nil }
}

extension KindChoice {
    /// Decodes the one kind that is named.
    static func decodeKind(from decoder: any Decoder) throws -> any NamedKind {
        let container = try decoder.container(keyedBy: KindKey<Self>.self)
        let keys = container.allKeys
        guard keys.count == 1 else {
            throw DecodingError.typeMismatch(
                Self.self, .init(codingPath: container.codingPath, debugDescription: "one kind is named"))
        }
        func decoded<Kind: NamedKind>(_ kind: Kind.Type) throws -> any NamedKind {
            try container.decode(kind, forKey: keys[0])
        }
        return try decoded(keys[0].kind)
    }

    /// Encodes a kind by its name with its settings.
    static func encode(_ kind: any NamedKind, to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: KindKey<Self>.self)
        try container.encode(kind, forKey: KindKey(kind: type(of: kind)))
    }
}
