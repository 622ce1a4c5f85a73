internal import CZlib
import Foundation

/// Checksums that find out what was damaged by chance.
package enum Checksum {
    /// The CRC-32 of ISO 3309, as zip files have it.
    package static func crc32(_ bytes: Data) -> UInt32 {
        bytes.withUnsafeBytes { buffer in
            var sum = CZlib.crc32(0, nil, 0), rest = buffer[...]
            while !rest.isEmpty {
                let part = UnsafeRawBufferPointer(rebasing: rest.prefix(1 << 30))
                sum = CZlib.crc32(sum, part.bindMemory(to: UInt8.self).baseAddress, UInt32(part.count))
                rest = rest.dropFirst(part.count)
            }
            return UInt32(truncatingIfNeeded: sum)
        }
    }
}
