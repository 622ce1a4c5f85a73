import Foundation
import Specification

/// The history of a stage, from the file beside its product: its progress and its end.
///
/// The file begins with the 8 bytes `ABLJRNL1`; entries follow, only ever added at the end, each
/// ```
/// kind 1 byte · length of the payload 8 bytes, little-endian · payload · first 16 bytes of the SHA-256 of all of
/// these
/// ```
/// The first entry is the identity of the stage. A later entry supersedes the earlier ones: a failure is undone by
/// the next attempt, a seal ends the stage. An entry that ends before its length was left by a killed writer, and is
/// ignored; one that does not match its checksum is damage.
package struct Journal: Sendable {
    package enum Kind: UInt8 { case identity = 1, attempt, checkpoint, failure, seal }

    /// The state by the last whole entry.
    package enum State: Hashable, Sendable {
        /// Begun, and perhaps a checkpoint.
        case open
        /// It failed, with the cause.
        case failed(String)
        /// Its product has the bytes of this hash.
        case sealed(Identity)
    }

    /// The bytes after the last whole entry.
    package enum Remainder: Hashable { case none, torn, damaged }

    /// Nil where not even the first entry is whole.
    package private(set) var identity: Identity?
    package private(set) var state = State.open
    /// The payload of the last checkpoint.
    package private(set) var checkpoint: Data?
    /// Bytes up to the end of the last whole entry.
    package private(set) var wholeLength = 0
    package private(set) var remainder = Remainder.none

    package static let magic = Data("ABLJRNL1".utf8)
    private static let headLength = 9, checksumLength = 16

    /// Reads a journal; nil where there is none.
    /// - Throws: `FileError` where it cannot be read.
    package static func read(_ path: String) throws -> Journal? {
        guard let bytes = try FileBytes.read(path) else { return nil }
        return Journal(bytes)
    }

    /// - Parameter bytes: the whole file.
    init(_ bytes: Data) {
        guard bytes.prefix(Self.magic.count) == Self.magic else {
            remainder = .damaged
            return
        }
        wholeLength = Self.magic.count
        while wholeLength < bytes.count {
            guard let end = take(bytes[(bytes.startIndex + wholeLength)...]) else { return }
            wholeLength += end
        }
    }

    /// Takes in the entry that bytes begin with, or notes that they are torn or damaged.
    /// - Returns: the length of the entry.
    private mutating func take(_ bytes: Data) -> Int? {
        remainder = .torn
        guard bytes.count >= Self.headLength else { return nil }
        let start = bytes.startIndex
        let length = (0..<8).reduce(0) { $0 | UInt64(bytes[start + 1 + $1]) << (8 * UInt64($1)) }
        guard length <= UInt64(bytes.count - Self.headLength) else { return nil }
        let end = Self.headLength + Int(length)
        guard bytes.count >= end + Self.checksumLength else { return nil }
        remainder = .damaged
        let kind = Kind(rawValue: bytes[start]), content = bytes[start..<start + end]
        guard let kind, Self.checksum(content) == bytes[(start + end)..<(start + end + Self.checksumLength)],
            accept(kind, Data(bytes[(start + Self.headLength)..<(start + end)]))
        else { return nil }
        remainder = .none
        return end + Self.checksumLength
    }

    private mutating func accept(_ kind: Kind, _ payload: Data) -> Bool {
        guard identity != nil || kind == .identity else { return false }
        switch kind {
        case .identity:
            guard let found = Identity(hex: String(decoding: payload, as: UTF8.self)) else { return false }
            identity = found
        case .attempt: state = .open
        case .checkpoint: (checkpoint, state) = (payload, .open)
        case .failure: state = .failed(String(decoding: payload, as: UTF8.self))
        case .seal:
            guard let hash = Identity(hex: String(decoding: payload, as: UTF8.self)) else { return false }
            state = .sealed(hash)
        }
        return true
    }

    /// The bytes of an entry.
    package static func entry(_ kind: Kind, _ payload: Data) -> Data {
        var bytes = Data([kind.rawValue])
        bytes.append(contentsOf: (0..<8).map { UInt8(truncatingIfNeeded: UInt64(payload.count) >> (8 * UInt64($0))) })
        bytes.append(payload)
        bytes.append(checksum(bytes))
        return bytes
    }

    private static func checksum(_ bytes: Data) -> Data { Data(SHA256.hash(bytes).prefix(checksumLength)) }
}
