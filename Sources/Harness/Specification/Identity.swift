/// The name of a value by its content: SHA-256 of its canonical bytes, 64 hexadecimal digits.
///
/// Equal values have equal identities in every process and on every machine, whatever the order of their keys.
public struct Identity: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    public let hex: String

    /// The identity of a value already in canonical form.
    package init(of value: CanonicalValue) {
        self.init(hashing: value.canonicalBytes)
    }

    /// The identity of a value by its encoding.
    public init(of value: some Encodable) throws {
        self.init(of: try CanonicalEncoder().encode(value))
    }

    /// The identity of bytes, such as a file's.
    public init(hashing bytes: [UInt8]) { self.init(digest: SHA256.hash(bytes)) }

    /// The identity with the SHA-256 hash `hash`, 32 bytes.
    package init(digest hash: [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        hex = String(unsafeUninitializedCapacity: 2 * hash.count) { buffer in
            for (index, byte) in hash.enumerated() {
                buffer[2 * index] = digits[Int(byte >> 4)]
                buffer[2 * index + 1] = digits[Int(byte & 15)]
            }
            return 2 * hash.count
        }
    }

    /// An identity read back from a record; nil when `hex` is not 64 lower-case hexadecimal digits.
    public init?(hex: String) {
        // By bytes: characters are fifty times as slow, and a folder of results has thousands of identities.
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9"), letters = UInt8(ascii: "a")...UInt8(ascii: "f")
        guard hex.utf8.count == 64, hex.utf8.allSatisfy({ digits.contains($0) || letters.contains($0) }) else {
            return nil
        }
        self.hex = hex
    }

    /// The first 12 digits, for people and folder names.
    public var short: String { String(hex.prefix(12)) }

    /// The 64 hexadecimal digits.
    public var description: String { hex }

    /// Orders identities by their digits.
    public static func < (left: Identity, right: Identity) -> Bool { left.hex < right.hex }
}

extension Identity: Codable {
    /// Decodes the value from a specification or a record.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let identity = Identity(hex: text) else {
            throw DecodingError.dataCorruptedError(
                in: container, debugDescription: "an identity is 64 lower-case hexadecimal digits")
        }
        self = identity
    }

    /// Encodes the value as a specification or a record holds it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(hex)
    }
}
