/// The content of an `Encodable` value without its type: the form that is hashed, compared and written.
///
/// Whole numbers and floating-point numbers are distinct, and so are the two widths of the latter. Two values are
/// equal when their canonical bytes are: the order of keys does not count, −0 is not 0, and NaN is itself.
package enum CanonicalValue: Sendable {
    /// Fields in the order they were encoded, each name once.
    case mapping([Field])
    case sequence([CanonicalValue])
    case string(String)
    case int(Int128)
    case double(Double)
    case float(Float)
    case bool(Bool)
    case null

    package struct Field: Sendable {
        package var name: String
        package var value: CanonicalValue

        package init(_ name: String, _ value: CanonicalValue) {
            self.name = name
            self.value = value
        }
    }

    /// The value of a field of a mapping.
    package subscript(name: String) -> CanonicalValue? {
        guard case .mapping(let fields) = self else { return nil }
        return fields.first { $0.name == name }?.value
    }
}

extension CanonicalValue {
    /// The bytes that are hashed: each value a letter for its kind, then its content with the lengths in front.
    ///
    /// Numbers are big-endian. Lengths and counts take 8 bytes, whole numbers 16, floating-point numbers the 8 or 4
    /// bytes of their bit pattern (one pattern for every NaN); fields are sorted by the UTF-8 of their names. No
    /// value's bytes begin another's, so different values never have the same bytes.
    package var canonicalBytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(1024)
        append(to: &bytes)
        return bytes
    }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .mapping(let fields):
            bytes.append(UInt8(ascii: "m"))
            Self.append(UInt64(fields.count), to: &bytes)
            for field in fields.sorted(by: { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }) {
                Self.append(field.name, to: &bytes)
                field.value.append(to: &bytes)
            }
        case .sequence(let elements):
            bytes.append(UInt8(ascii: "l"))
            Self.append(UInt64(elements.count), to: &bytes)
            for element in elements { element.append(to: &bytes) }
        case .string(let text):
            bytes.append(UInt8(ascii: "s"))
            Self.append(text, to: &bytes)
        case .int(let number):
            bytes.append(UInt8(ascii: "i"))
            Self.append(number, to: &bytes)
        case .double(let number):
            bytes.append(UInt8(ascii: "d"))
            Self.append(number.isNaN ? Double.nan.bitPattern : number.bitPattern, to: &bytes)
        case .float(let number):
            bytes.append(UInt8(ascii: "f"))
            Self.append(number.isNaN ? Float.nan.bitPattern : number.bitPattern, to: &bytes)
        case .bool(let truth): bytes.append(UInt8(ascii: truth ? "T" : "F"))
        case .null: bytes.append(UInt8(ascii: "n"))
        }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        append(UInt64(text.utf8.count), to: &bytes)
        bytes.append(contentsOf: text.utf8)
    }

    private static func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
        withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
    }
}

extension CanonicalValue: Hashable {
    package static func == (left: CanonicalValue, right: CanonicalValue) -> Bool {
        left.canonicalBytes == right.canonicalBytes
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(canonicalBytes) }
}
