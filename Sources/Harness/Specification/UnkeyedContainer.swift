/// A sequence, element by element.
struct UnkeyedContainer: UnkeyedDecodingContainer {
    private let node: SpecTree
    private let trail: KeyTrail
    private let decoder: NodeDecoder
    private let elements: [SpecTree]
    private(set) var currentIndex = 0

    init(_ node: SpecTree, _ trail: KeyTrail, _ decoder: NodeDecoder) throws(SpecError) {
        guard let elements = node.sequence else { throw decoder.mismatch(node, trail, allowed: "a sequence") }
        self.node = node
        self.trail = trail
        self.decoder = decoder
        self.elements = elements
    }

    var codingPath: [any CodingKey] { trail.codingPath }
    var count: Int? { elements.count }
    var isAtEnd: Bool { currentIndex == elements.count }

    private mutating func next() throws(SpecError) -> (node: SpecTree, trail: KeyTrail) {
        guard !isAtEnd else {
            throw SpecError(node.mark, "missing element in \(trail.place)", found: "\(elements.count) elements")
        }
        defer { currentIndex += 1 }
        return (elements[currentIndex], trail.appending(currentIndex))
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, elements[currentIndex].isNull else { return false }
        currentIndex += 1
        return true
    }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let (node, trail) = try next()
        return try decoder.strictness.value(type, of: node, at: trail)
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type
    ) throws -> KeyedDecodingContainer<Nested> {
        let (node, trail) = try next()
        return try decoder.container(keyedBy: type, node: node, trail: trail)
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        let (node, trail) = try next()
        return try UnkeyedContainer(node, trail, decoder)
    }

    mutating func superDecoder() throws -> any Decoder {
        let (node, trail) = try next()
        return NodeDecoder(node: node, trail: trail, strictness: decoder.strictness)
    }
}

extension UnkeyedContainer {
    private mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        let (node, trail) = try next()
        return try decoder.integer(type, node, trail)
    }

    private mutating func floating<Number: BinaryFloatingPoint & LosslessStringConvertible>(
        _ type: Number.Type
    ) throws -> Number {
        let (node, trail) = try next()
        return try decoder.floating(type, node, trail)
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool {
        let (node, trail) = try next()
        return try decoder.bool(node, trail)
    }

    mutating func decode(_ type: String.Type) throws -> String {
        let (node, trail) = try next()
        return try decoder.string(node, trail)
    }

    mutating func decode(_ type: Double.Type) throws -> Double { try floating(type) }
    mutating func decode(_ type: Float.Type) throws -> Float { try floating(type) }
    mutating func decode(_ type: Int.Type) throws -> Int { try integer(type) }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try integer(type) }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try integer(type) }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try integer(type) }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try integer(type) }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try integer(type) }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try integer(type) }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try integer(type) }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try integer(type) }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try integer(type) }
}
