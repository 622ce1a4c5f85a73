/// The check that every keyed container makes once decoding is over.
class KeyedNode {
    func checkUnknownKeys() throws(SpecError) {}
}

/// A mapping, or a scalar that names a case, seen through coding keys.
final class KeyedContainer<Key: CodingKey>: KeyedNode, KeyedDecodingContainerProtocol {
    private let node: SpecTree
    private let trail: KeyTrail
    private let decoder: NodeDecoder
    private var entries: [SpecMapping.Entry]
    /// The names requested so far.
    private var asked: [String] = []
    /// The type has requested the list of keys, and not only its own.
    private var isListed = false
    /// The node itself is the unlabelled payload of a case.
    private var isPayload = false

    /// The key under which synthesised coding puts an unlabelled payload.
    private static var payloadKey: String { "_0" }
    /// The keys are those of a table, or of a look at what is there: no name is unknown to them.
    private static var takesAnyName: Bool { Key(stringValue: "") != nil }

    init(_ node: SpecTree, _ trail: KeyTrail, _ decoder: NodeDecoder) {
        self.node = node
        self.trail = trail
        self.decoder = decoder
        entries = node.mapping?.entries ?? []
        super.init()
    }

    var codingPath: [any CodingKey] { trail.codingPath }

    // MARK: Keys

    var allKeys: [Key] {
        isListed = true
        if let scalar = node.scalar {
            let none = SpecTree(.mapping(SpecMapping()), mark: node.mark)
            entries = [.init(key: scalar.text, mark: node.mark, value: none)]
        } else if let choice = node.mapping?.asChoice, !Self.takesAnyName {
            // Enums and tables request a list of keys, and a table's key takes any name.
            entries = choice
        }
        let present = entries.filter { !$0.value.isNull }
        let keys = present.compactMap { Key(stringValue: $0.key) }
        if keys.count != 1 || present.count != 1 { decoder.failure = choiceIssue(present) }
        return keys
    }

    func contains(_ key: Key) -> Bool {
        // A wrong node answers yes, so that the question after this one can throw.
        guard case .mapping = node.content else { return true }
        return entry(key.stringValue) != nil
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        try child(key).node.isNull
    }

    private func entry(_ name: String) -> SpecMapping.Entry? {
        asked.append(name)
        if let entry = entries.first(where: { $0.key == name }) { return entry }
        guard name == Self.payloadKey, !entries.isEmpty || node.mapping == nil else { return nil }
        isPayload = true
        return .init(key: name, mark: node.mark, value: node)
    }

    /// The value of a key with the trail to it; `~` is a missing key to all but `decodeNil`.
    private func child(_ key: Key) throws(SpecError) -> (node: SpecTree, trail: KeyTrail) {
        let name = key.stringValue
        guard let entry = entry(name) else {
            // The payload of a case written as `name: {}` may have nothing required in it.
            if name == Self.payloadKey {
                isPayload = true
                return (node, trail)
            }
            throw missing(name)
        }
        if isPayload { return (entry.value, trail) }
        guard node.mapping != nil || isListed else { throw decoder.mismatch(node, trail, allowed: "a mapping") }
        return (entry.value, trail.appending(name))
    }

    // MARK: Errors

    override func checkUnknownKeys() throws(SpecError) {
        if isPayload || Self.takesAnyName && !isListed { return }
        guard node.mapping != nil || isListed else { throw decoder.mismatch(node, trail, allowed: "a mapping") }
        let isWhole = isListed || Key.self is any CaseIterable.Type
        let issues = entries.compactMap { entry -> SpecIssue? in
            let isKnown = asked.contains(entry.key) || (isWhole && Key(stringValue: entry.key) != nil)
            return isKnown ? nil : unknown(entry)
        }
        if !issues.isEmpty { throw SpecError(issues) }
    }

    /// The names that are allowed here: the key type's list when it has one, else those requested.
    private var allowedNames: [String] {
        if let listed = caseNames(Key.self) { return listed }
        var names: [String] = []
        for name in asked where !names.contains(name) { names.append(name) }
        return names
    }

    private func unknown(_ entry: SpecMapping.Entry) -> SpecIssue {
        let names = allowedNames
        return SpecIssue(
            entry.mark, "unknown key '\(entry.key)' in \(trail.place)",
            allowed: names.isEmpty ? "no keys" : names.joined(separator: ", "),
            nearest: nearestName(to: entry.key, among: names))
    }

    /// The error of a missing key, or of a misspelt one where a key looks like it.
    private func missing(_ name: String) -> SpecError {
        guard node.mapping != nil else { return decoder.mismatch(node, trail, allowed: "a mapping") }
        let strangers = entries.filter { Key(stringValue: $0.key) == nil }
        var issues = strangers.map(unknown)
        if !issues.contains(where: { $0.nearest == name }) {
            let keys = entries.map(\.key).joined(separator: ", ")
            issues.append(
                SpecIssue(
                    node.mark, "missing key '\(name)' in \(trail.place)", found: keys.isEmpty ? "no keys" : keys))
        }
        return SpecError(issues)
    }

    private func choiceIssue(_ present: [SpecMapping.Entry]) -> SpecError {
        let allowed = caseNames(Key.self)
        if present.count == 1 {
            let name = present[0].key
            let problem = "unknown case '\(name)' for \(trail.place)"
            guard let allowed else { return SpecError(present[0].mark, problem) }
            return SpecError(present[0].mark, problem, name: name, among: allowed)
        }
        let found = present.isEmpty ? node.summary(orKeys: entries) : present.map(\.key).joined(separator: ", ")
        let list = allowed.map { "one of \($0.joined(separator: ", "))" } ?? "one case"
        return SpecError(
            present.last?.mark ?? node.mark, "no single case for \(trail.place)", found: found, allowed: list)
    }

    // MARK: Values

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let child = try child(key)
        return try decoder.strictness.value(type, of: child.node, at: child.trail)
    }

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool {
        let child = try child(key)
        return try decoder.bool(child.node, child.trail)
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        let child = try child(key)
        return try decoder.string(child.node, child.trail)
    }

    private func integer<Number: FixedWidthInteger>(_ type: Number.Type, _ key: Key) throws -> Number {
        let child = try child(key)
        return try decoder.integer(type, child.node, child.trail)
    }

    private func floating<Number: BinaryFloatingPoint & LosslessStringConvertible>(
        _ type: Number.Type, _ key: Key
    ) throws -> Number {
        let child = try child(key)
        return try decoder.floating(type, child.node, child.trail)
    }

    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try floating(type, key) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try floating(type, key) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try integer(type, key) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try integer(type, key) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try integer(type, key) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try integer(type, key) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try integer(type, key) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try integer(type, key) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try integer(type, key) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try integer(type, key) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try integer(type, key) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try integer(type, key) }

    // MARK: Nesting

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        let child = try child(key)
        return try decoder.container(keyedBy: type, node: child.node, trail: child.trail)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        let child = try child(key)
        return try UnkeyedContainer(child.node, child.trail, decoder)
    }

    func superDecoder() throws -> any Decoder { decoder }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        let child = try child(key)
        return NodeDecoder(node: child.node, trail: child.trail, strictness: decoder.strictness)
    }
}

extension SpecTree {
    /// The value found here, with the keys of a mapping.
    fileprivate func summary(orKeys entries: [SpecMapping.Entry]) -> String {
        mapping == nil ? summary : entries.isEmpty ? "no keys" : entries.map { "\($0.key): ~" }.joined(separator: ", ")
    }
}

/// The names of a key type which lists its cases.
private func caseNames<Key: CodingKey>(_ type: Key.Type) -> [String]? {
    func names<Cases: CaseIterable>(_ type: Cases.Type) -> [String] {
        type.allCases.compactMap { ($0 as? any CodingKey)?.stringValue }
    }
    guard let listed = type as? any CaseIterable.Type else { return nil }
    return names(listed)
}
