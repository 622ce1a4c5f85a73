/// A key of any name, for types whose forms are told apart by the keys that are there.
package struct AnyKey: CodingKey {
    package let stringValue: String
    package var intValue: Int? { nil }

    package init(_ name: String) { stringValue = name }
    package init?(stringValue: String) { self.stringValue = stringValue }
    package init?(intValue: Int) { nil }
}

extension Decoder {
    /// Whether the value is a mapping that has a key.
    package func hasKey(_ name: String) -> Bool {
        guard (try? singleValueContainer().decode(String.self)) == nil,
            let container = try? container(keyedBy: AnyKey.self)
        else { return false }
        return container.contains(AnyKey(name))
    }
}
