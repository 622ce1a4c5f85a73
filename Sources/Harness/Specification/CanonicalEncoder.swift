import FlowMaps

/// Turns `Encodable` values into canonical ones.
///
/// An absent optional leaves no field. An enum with payloads is a mapping of its case, and a case with one unlabelled
/// payload holds it directly, as `StrictDecoder` reads it.
package struct CanonicalEncoder: Sendable {
    /// The extent of an encoding: everything, or only what decides results, without the paths of data files and the
    /// numbers of threads.
    package enum Extent: Sendable { case all, decisive }

    private let extent: Extent

    package init(_ extent: Extent = .all) { self.extent = extent }

    package func encode<Value: Encodable>(_ value: Value) throws -> CanonicalValue {
        let encoder = NodeEncoder(extent)
        try value.encode(to: encoder)
        return encoder.value
    }
}

/// The place a value is encoded into; containers fill it in.
private final class NodeEncoder: Encoder {
    enum Content {
        case empty
        case value(CanonicalValue)
        case mapping([(name: String, node: Content)])
        case sequence([Content])
        case inner(NodeEncoder)
    }

    var content = Content.empty
    let extent: CanonicalEncoder.Extent

    init(_ extent: CanonicalEncoder.Extent) { self.extent = extent }

    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [.isDecisiveOnly: extent == .decisive, .isForReaders: true] }

    var value: CanonicalValue { Self.value(content) }

    private static func value(_ content: Content) -> CanonicalValue {
        switch content {
        // A type that requests no container is an empty mapping, as a struct without fields is.
        case .empty: .mapping([])
        case .value(let value): value
        case .inner(let encoder): encoder.value
        case .sequence(let elements): .sequence(elements.map(value))
        case .mapping(let fields):
            // "_0" is synthesised coding's name for an unlabelled payload.
            if fields.count == 1, fields[0].name == "_0" {
                value(fields[0].node)
            } else {
                .mapping(fields.map { .init($0.name, value($0.node)) })
            }
        }
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        beginMapping()
        return KeyedEncodingContainer(KeyedEncoding<Key>(encoder: self))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        beginSequence()
        return UnkeyedEncoding(encoder: self)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer { SingleEncoding(encoder: self) }

    func beginMapping() {
        if case .mapping = content { return }
        content = .mapping([])
    }

    func beginSequence() {
        if case .sequence = content { return }
        content = .sequence([])
    }

    func set(_ name: String, _ node: Content) {
        guard case .mapping(var fields) = content else {
            preconditionFailure("encoder: a mapping was begun as another kind")
        }
        content = .empty  // the array is unique while it grows
        if let index = fields.firstIndex(where: { $0.name == name }) {
            fields[index].node = node
        } else {
            fields.append((name, node))
        }
        content = .mapping(fields)
    }

    func append(_ node: Content) {
        guard case .sequence(var elements) = content else {
            preconditionFailure("encoder: a sequence was begun as another kind")
        }
        content = .empty
        elements.append(node)
        content = .sequence(elements)
    }
}

/// Every kind of value in one place: containers differ only in where they put it.
private protocol Encoding {
    var extent: CanonicalEncoder.Extent { get }
    func put(_ content: NodeEncoder.Content)
}

extension Encoding {
    var codingPath: [any CodingKey] { [] }

    func put<Value: Encodable>(encoding value: Value) throws {
        put(.value(try CanonicalEncoder(extent).encode(value)))
    }

    func inner() -> NodeEncoder {
        let encoder = NodeEncoder(extent)
        put(.inner(encoder))
        return encoder
    }
}

private struct KeyedSlot: Encoding {
    let encoder: NodeEncoder
    let name: String
    var extent: CanonicalEncoder.Extent { encoder.extent }
    func put(_ content: NodeEncoder.Content) { encoder.set(name, content) }
}

private struct KeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let encoder: NodeEncoder
    var codingPath: [any CodingKey] { [] }

    private func slot(_ key: Key) -> KeyedSlot { KeyedSlot(encoder: encoder, name: key.stringValue) }
    private func put(_ value: CanonicalValue, _ key: Key) { encoder.set(key.stringValue, .value(value)) }

    func encodeNil(forKey key: Key) { put(.null, key) }
    func encode(_ value: Bool, forKey key: Key) { put(.bool(value), key) }
    func encode(_ value: String, forKey key: Key) { put(.string(value), key) }
    func encode(_ value: Double, forKey key: Key) { put(.double(value), key) }
    func encode(_ value: Float, forKey key: Key) { put(.float(value), key) }
    func encode(_ value: Int, forKey key: Key) { put(.int(Int128(value)), key) }
    func encode(_ value: Int8, forKey key: Key) { put(.int(Int128(value)), key) }
    func encode(_ value: Int16, forKey key: Key) { put(.int(Int128(value)), key) }
    func encode(_ value: Int32, forKey key: Key) { put(.int(Int128(value)), key) }
    func encode(_ value: Int64, forKey key: Key) { put(.int(Int128(value)), key) }
    func encode(_ value: UInt, forKey key: Key) { put(.int(Int128(value)), key) }
    func encode(_ value: UInt8, forKey key: Key) { put(.int(Int128(value)), key) }
    func encode(_ value: UInt16, forKey key: Key) { put(.int(Int128(value)), key) }
    func encode(_ value: UInt32, forKey key: Key) { put(.int(Int128(value)), key) }
    func encode(_ value: UInt64, forKey key: Key) { put(.int(Int128(value)), key) }
    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try slot(key).put(encoding: value) }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        slot(key).inner().container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        slot(key).inner().unkeyedContainer()
    }
    func superEncoder() -> any Encoder { encoder }
    func superEncoder(forKey key: Key) -> any Encoder { slot(key).inner() }
}

private struct UnkeyedEncoding: UnkeyedEncodingContainer, Encoding {
    let encoder: NodeEncoder

    var count: Int {
        guard case .sequence(let elements) = encoder.content else { return 0 }
        return elements.count
    }

    var extent: CanonicalEncoder.Extent { encoder.extent }
    func put(_ content: NodeEncoder.Content) { encoder.append(content) }

    func encodeNil() { put(.value(.null)) }
    func encode(_ value: Bool) { put(.value(.bool(value))) }
    func encode(_ value: String) { put(.value(.string(value))) }
    func encode(_ value: Double) { put(.value(.double(value))) }
    func encode(_ value: Float) { put(.value(.float(value))) }
    func encode(_ value: Int) { put(.value(.int(Int128(value)))) }
    func encode(_ value: Int8) { put(.value(.int(Int128(value)))) }
    func encode(_ value: Int16) { put(.value(.int(Int128(value)))) }
    func encode(_ value: Int32) { put(.value(.int(Int128(value)))) }
    func encode(_ value: Int64) { put(.value(.int(Int128(value)))) }
    func encode(_ value: UInt) { put(.value(.int(Int128(value)))) }
    func encode(_ value: UInt8) { put(.value(.int(Int128(value)))) }
    func encode(_ value: UInt16) { put(.value(.int(Int128(value)))) }
    func encode(_ value: UInt32) { put(.value(.int(Int128(value)))) }
    func encode(_ value: UInt64) { put(.value(.int(Int128(value)))) }
    func encode<Value: Encodable>(_ value: Value) throws { try put(encoding: value) }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        inner().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { inner().unkeyedContainer() }
    func superEncoder() -> any Encoder { inner() }
}

private struct SingleEncoding: SingleValueEncodingContainer, Encoding {
    let encoder: NodeEncoder

    var extent: CanonicalEncoder.Extent { encoder.extent }
    func put(_ content: NodeEncoder.Content) { encoder.content = content }

    func encodeNil() { put(.value(.null)) }
    func encode(_ value: Bool) { put(.value(.bool(value))) }
    func encode(_ value: String) { put(.value(.string(value))) }
    func encode(_ value: Double) { put(.value(.double(value))) }
    func encode(_ value: Float) { put(.value(.float(value))) }
    func encode(_ value: Int) { put(.value(.int(Int128(value)))) }
    func encode(_ value: Int8) { put(.value(.int(Int128(value)))) }
    func encode(_ value: Int16) { put(.value(.int(Int128(value)))) }
    func encode(_ value: Int32) { put(.value(.int(Int128(value)))) }
    func encode(_ value: Int64) { put(.value(.int(Int128(value)))) }
    func encode(_ value: UInt) { put(.value(.int(Int128(value)))) }
    func encode(_ value: UInt8) { put(.value(.int(Int128(value)))) }
    func encode(_ value: UInt16) { put(.value(.int(Int128(value)))) }
    func encode(_ value: UInt32) { put(.value(.int(Int128(value)))) }
    func encode(_ value: UInt64) { put(.value(.int(Int128(value)))) }
    func encode<Value: Encodable>(_ value: Value) throws { try put(encoding: value) }
}
