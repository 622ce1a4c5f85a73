internal import CZlib
import Foundation

/// A number by which damage of bytes shows, though no forgery.
package enum Checksum {
    /// The CRC-32 of ISO 3309, as zip files have it.
    /// - Parameter sum: of the bytes before these, where they come in parts.
    package static func crc32(_ bytes: UnsafeRawBufferPointer, after sum: UInt32 = 0) -> UInt32 {
        // zlib takes lengths of 32 bits.
        stride(from: 0, to: bytes.count, by: 1 << 30).reduce(sum) { sum, start in
            let part = UnsafeRawBufferPointer(rebasing: bytes[start..<min(bytes.count, start + 1 << 30)])
            return UInt32(
                truncatingIfNeeded: CZlib.crc32(
                    UInt(sum), part.bindMemory(to: UInt8.self).baseAddress, UInt32(part.count)))
        }
    }

    /// The same of bytes in memory of their own.
    package static func crc32(_ bytes: Data) -> UInt32 { bytes.withUnsafeBytes { crc32($0) } }
}
