import Foundation

/// float32 numbers in a file of their own, which is mapped into memory: the system reads the pages that are looked at, and may drop
/// them again. A tail behind the numbers has their count and checksum.
package final class MappedFloats: Sendable {
    /// The numbers, on a page's boundary; behind them lie `tailSize` further bytes.
    package nonisolated(unsafe) let base: UnsafeMutablePointer<Float>
    package let count: Int

    /// Behind the numbers: room for vector loads past the last one, and the marks.
    private static let tailSize = 256
    private static let magic: UInt64 = 0x3173_7461_6f6c_4641

    /// - Returns: nil where there is no such file, or it is not of so many numbers.
    package init?(_ path: String, count: Int) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var status = stat()
        let bytes = count * MemoryLayout<Float>.stride
        guard count > 0, fstat(descriptor, &status) == 0, Int(status.st_size) == bytes + Self.tailSize,
            let start = mmap(nil, bytes + Self.tailSize, PROT_READ, MAP_SHARED, descriptor, 0), start != MAP_FAILED
        else { return nil }
        base = start.bindMemory(to: Float.self, capacity: count)
        self.count = count
        guard marks.magic == Self.magic, marks.count == UInt64(count) else { return nil }
    }

    deinit { munmap(base, count * MemoryLayout<Float>.stride + Self.tailSize) }

    private var marks: (magic: UInt64, count: UInt64, checksum: UInt32) {
        let tail = UnsafeRawPointer(base + count)
        // After the room for one vector of 16.
        return (
            tail.loadUnaligned(fromByteOffset: 64, as: UInt64.self),
            tail.loadUnaligned(fromByteOffset: 72, as: UInt64.self),
            tail.loadUnaligned(fromByteOffset: 80, as: UInt32.self)
        )
    }

    /// The numbers are those that were written.
    package var isWhole: Bool {
        Checksum.crc32(UnsafeRawBufferPointer(UnsafeBufferPointer(start: base, count: count))) == marks.checksum
    }

    /// The count in a file's marks; nil where it has none.
    package static func count(of path: String) -> Int? {
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
            let size = attributes[.size] as? Int, size > tailSize
        else { return nil }
        return (size - tailSize) / MemoryLayout<Float>.stride
    }

    /// Writes a file, whole or not at all.
    /// - Parameter body: calls its argument with some numbers after the others.
    /// - Throws: `FileError`, and the errors of `body`.
    package static func write(to path: String, _ body: ((([Float]) throws -> Void)) throws -> Void) throws {
        try AtomicFile.write(to: path) { temporary in
            let descriptor = open(temporary, O_WRONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw FileError(path: path, attempt: "write the decoded samples") }
            defer { close(descriptor) }
            var sum: UInt32 = 0, count: UInt64 = 0
            try body { numbers in
                try numbers.withUnsafeBytes {
                    sum = Checksum.crc32($0, after: sum)
                    try $0.writeAll(to: descriptor, of: path)
                }
                count += UInt64(numbers.count)
            }
            var tail = [UInt8](repeating: 0, count: tailSize)
            tail.withUnsafeMutableBytes {
                $0.storeBytes(of: magic, toByteOffset: 64, as: UInt64.self)
                $0.storeBytes(of: count, toByteOffset: 72, as: UInt64.self)
                $0.storeBytes(of: sum, toByteOffset: 80, as: UInt32.self)
            }
            try tail.writeAll(to: descriptor, of: path)
        }
    }
}
