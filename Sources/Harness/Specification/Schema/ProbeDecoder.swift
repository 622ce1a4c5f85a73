import FlowMaps

/// The decoder of a run: it has no value, and notes what it is asked for.
struct ProbeDecoder: Decoder {
    let run: ProbeRun
    var codingPath: [any CodingKey] { [] }
    var userInfo: [CodingUserInfoKey: Any] { [:] }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        run.asked.insert(.mapping)
        guard run.form == .mapping else { throw ProbeRefusal() }
        return KeyedDecodingContainer(ProbeKeyedContainer<Key>(run: run))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        run.asked.insert(.sequence)
        guard run.form == .sequence else { throw ProbeRefusal() }
        return ProbeSequence(run: run)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer { ProbeScalar(run: run) }
}

/// A mapping, or the one key of a choice.
struct ProbeKeyedContainer<Key: CodingKey>: KeyedDecodingContainerProtocol {
    let run: ProbeRun
    /// The keys are those of a case: what is decoded belongs to its payload.
    var isPayload = false

    var codingPath: [any CodingKey] { [] }

    var allKeys: [Key] {
        if let listed = Key.self as? any CaseIterable.Type {
            func names<Cases: CaseIterable>(_ type: Cases.Type) -> [String] {
                type.allCases.compactMap { ($0 as? any CodingKey)?.stringValue }
            }
            let cases = names(listed)
            run.cases = cases
            return [Key(stringValue: run.choice ?? cases.first ?? "")].compactMap { $0 }
        }
        return [Key(stringValue: "name")].compactMap { $0 }
    }

    private var isTable: Bool {
        !(Key.self is any CaseIterable.Type) && Key(stringValue: "any name at all") != nil
    }

    func contains(_ key: Key) -> Bool { run.cases == nil || isPayload ? run.mayContain(key.stringValue) : true }

    func decodeNil(forKey key: Key) throws -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        let schema = run.probe.describe(type)
        if isTable {
            run.taken = .table(schema)
        } else if key.stringValue == "_0" || (run.cases != nil && !isPayload) {
            run.taken = schema
        } else {
            run.note(key.stringValue, schema)
        }
        return try run.probe.sample(type, run.filling)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        KeyedDecodingContainer(ProbeKeyedContainer<Nested>(run: run, isPayload: true))
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw ProbeRefusal() }
    func superDecoder() throws -> any Decoder { throw ProbeRefusal() }
    func superDecoder(forKey key: Key) throws -> any Decoder { throw ProbeRefusal() }
}

/// A list of one element.
struct ProbeSequence: UnkeyedDecodingContainer {
    let run: ProbeRun
    var codingPath: [any CodingKey] { [] }
    var count: Int? { nil }
    private(set) var currentIndex = 0
    var isAtEnd: Bool { currentIndex > 0 }

    init(run: ProbeRun) {
        self.run = run
        run.taken = .sequence(.anything)
    }

    mutating func decodeNil() throws -> Bool { false }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        run.taken = .sequence(run.probe.describe(type))
        currentIndex += 1
        return try run.probe.sample(type, run.filling)
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> { throw ProbeRefusal() }
    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer { throw ProbeRefusal() }
    mutating func superDecoder() throws -> any Decoder { throw ProbeRefusal() }
}

/// One piece.
struct ProbeScalar: SingleValueDecodingContainer {
    let run: ProbeRun
    var codingPath: [any CodingKey] { [] }

    func decodeNil() -> Bool { false }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let form: ProbeRun.Form? =
            switch type {
            case is String.Type: .text
            case is Int.Type, is Double.Type, is Float.Type: .number
            case is Bool.Type: .truth
            default: nil
            }
        let schema = run.probe.describe(type)
        if let form {
            run.asked.insert(form)
            guard run.form == form else { throw ProbeRefusal() }
        } else if case .words = schema {
            run.asked.insert(.text)
            guard run.form == .text else { throw ProbeRefusal() }
        }
        run.taken = schema
        return try run.probe.sample(type, run.filling)
    }
}
