import Foundation
import Specification

/// The SHA-256 of a file, read a block at a time: the file need not fit in memory, or in what is left of it.
package enum FileHash {
    private static let blockSize = 1 << 18

    /// The 32 bytes of the hash; nil where the file cannot be read, is no regular one, or is shorter than what is asked for.
    /// - Parameter length: of its bytes; nil for all.
    package static func hash(_ path: String, first length: Int? = nil) -> [UInt8]? {
        guard RegularFile.fault(of: path) == nil else { return nil }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var hash = SHA256(), left = length ?? Int.max
        var block = [UInt8](repeating: 0, count: blockSize)
        while left > 0 {
            let count = read(descriptor, &block, min(left, blockSize))
            if count < 0 {
                if errno == EINTR { continue }
                return nil
            }
            if count == 0 { break }
            hash.update(count == blockSize ? block : Array(block[..<count]))
            left -= count
        }
        return length == nil || left == 0 ? hash.finish() : nil
    }

    /// The same as an identity.
    package static func identity(_ path: String) -> Identity? { hash(path).map { Identity(digest: $0) } }
}
