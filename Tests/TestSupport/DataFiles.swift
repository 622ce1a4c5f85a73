import Foundation

/// Bytes of data files as others write them.
public enum DataFiles {
    /// An IDX file of unsigned bytes.
    public static func idx(_ values: [UInt8], shape: [Int]) -> [UInt8] {
        [0, 0, 8, UInt8(shape.count)] + shape.flatMap { bigEndian(UInt32($0)) } + values
    }

    /// A gzip file with the bytes as they are: one stored block (RFC 1951, section 3.2.4) of at most 65,535.
    public static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt16(bytes.count)
        let header: [UInt8] = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]
        return header + [1] + littleEndian(count) + littleEndian(~count) + bytes + littleEndian(checksum(bytes))
            + littleEndian(UInt32(bytes.count))
    }

    /// Images of 2 × 3 pixels that count up, so that none is like another, and their labels in turn.
    public static func images(_ count: Int, classes: Int) -> (images: [UInt8], labels: [UInt8]) {
        (
            idx((0..<6 * count).map { UInt8(truncatingIfNeeded: $0) }, shape: [count, 2, 3]),
            idx((0..<count).map { UInt8($0 % classes) }, shape: [count])
        )
    }

    private static func littleEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.littleEndian, Array.init)
    }

    private static func bigEndian(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian, Array.init)
    }

    /// CRC-32 of gzip (RFC 1952, section 8), bit by bit.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum >> 1 ^ (sum & 1 == 1 ? 0xedb8_8320 : 0) }
        }
    }
}

extension TemporaryFolder {
    /// Writes a file of bytes, with the folders on the way to it.
    /// - Returns: its path.
    @discardableResult
    public func write(_ bytes: [UInt8], to name: String) throws -> String {
        let place = URL(fileURLWithPath: file(name))
        try FileManager.default.createDirectory(
            at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(bytes).write(to: place)
        return file(name)
    }
}
