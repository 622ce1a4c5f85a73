import Foundation

/// Scalars as TensorBoard reads them: a file of TFRecords, each a protocol buffer `Event`.
///
/// A record is its length (8 bytes), the checksum of that, the event, and its checksum, all little-endian. The fields are those of
/// tensorflow/core/util/event.proto and tensorflow/core/framework/summary.proto: `Event` has wall_time = 1, step = 2,
/// file_version = 3 and summary = 5; `Summary` has value = 1, of tag = 1, simple_value = 2, image = 4, tensor = 8 and metadata = 9.
struct EventFile {
    private(set) var bytes: [UInt8] = []

    /// A file that begins with its version, as the format requires.
    /// - Parameter wallTime: seconds since 1970.
    init(wallTime: Double) {
        var event = ProtocolBuffer()
        event.append(wallTime, field: 1)
        event.append("brain.Event:2", field: 3)
        append(record: event.bytes)
    }

    /// Adds a number at a step, which TensorBoard keeps in 32 bits.
    mutating func append(_ value: Double, tag: String, step: Int, wallTime: Double) {
        var scalar = ProtocolBuffer()
        scalar.append(tag, field: 1)
        scalar.append(Float(value), field: 2)
        append(summary: scalar, step: step, wallTime: wallTime)
    }

    /// Adds a picture at a step.
    /// - Parameter png: the file's bytes.
    mutating func append(png: [UInt8], width: Int, height: Int, tag: String, step: Int, wallTime: Double) {
        var image = ProtocolBuffer()
        image.append(UInt64(height), field: 1)
        image.append(UInt64(width), field: 2)
        // Red, green and blue, as TensorBoard shows whatever the file has.
        image.append(UInt64(3), field: 3)
        image.append(png, field: 4)
        var value = ProtocolBuffer()
        value.append(tag, field: 1)
        value.append(image.bytes, field: 4)
        append(summary: value, step: step, wallTime: wallTime)
    }

    mutating func append(summary value: ProtocolBuffer, step: Int, wallTime: Double) {
        var summary = ProtocolBuffer()
        summary.append(value.bytes, field: 1)
        var event = ProtocolBuffer()
        event.append(wallTime, field: 1)
        event.append(UInt64(step), field: 2)
        event.append(summary.bytes, field: 5)
        append(record: event.bytes)
    }

    private mutating func append(record: [UInt8]) {
        let length = UInt64(record.count).littleEndianBytes
        bytes += length + Self.masked(CRC32C.of(length)).littleEndianBytes
        bytes += record + Self.masked(CRC32C.of(record)).littleEndianBytes
    }

    /// The checksum rotated and shifted, as the format requires: a checksum of bytes that contain checksums would be
    /// weak.
    static func masked(_ checksum: UInt32) -> UInt32 { (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8 }
}

/// The checksum CRC-32C (Castagnoli) of iSCSI, RFC 3720: polynomial 0x1EDC6F41, here with its bits reversed.
enum CRC32C {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { rest, _ in rest & 1 == 1 ? rest >> 1 ^ 0x82F6_3B78 : rest >> 1 }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(~0) { rest, byte in rest >> 8 ^ table[Int((rest ^ UInt32(byte)) & 0xFF)] }
    }
}

/// The wire format of protocol buffers, with the four kinds of field that events need.
struct ProtocolBuffer {
    private(set) var bytes: [UInt8] = []

    private enum Wire: UInt64 {
        case variable = 0
        case eightBytes = 1
        case counted = 2
        case fourBytes = 5
    }

    mutating func append(_ value: Double, field: UInt64) {
        appendKey(field, .eightBytes)
        bytes += value.bitPattern.littleEndianBytes
    }

    mutating func append(_ value: Float, field: UInt64) {
        appendKey(field, .fourBytes)
        bytes += value.bitPattern.littleEndianBytes
    }

    mutating func append(_ value: UInt64, field: UInt64) {
        appendKey(field, .variable)
        appendVariable(value)
    }

    mutating func append(_ text: String, field: UInt64) { append(Array(text.utf8), field: field) }

    mutating func append(_ content: [UInt8], field: UInt64) {
        appendKey(field, .counted)
        appendVariable(UInt64(content.count))
        bytes += content
    }

    private mutating func appendKey(_ field: UInt64, _ wire: Wire) { appendVariable(field << 3 | wire.rawValue) }

    /// Seven bits a byte, the lowest first, the highest bit set in all but the last.
    private mutating func appendVariable(_ value: UInt64) {
        var rest = value
        while rest > 0x7F {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

extension FixedWidthInteger {
    fileprivate var littleEndianBytes: [UInt8] { withUnsafeBytes(of: littleEndian) { Array($0) } }
}
