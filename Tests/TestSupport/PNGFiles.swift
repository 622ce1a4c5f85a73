/// PNG files of any kind, put together by hand.
public enum PNGFiles {
    /// One chunk after the other, each with its length and its checksum.
    public static func file(_ chunks: [(String, [UInt8])]) -> [UInt8] {
        let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
        return chunks.reduce(signature) { file, chunk in
            let body = Array(chunk.0.utf8) + chunk.1
            return file + bigEndian(UInt32(chunk.1.count)) + body + bigEndian(DataFiles.checksum(body))
        }
    }

    /// A picture of rows as they lie in the file, each behind its filter's number.
    /// - Parameters:
    ///   - color: 0 grey, 2 RGB, 3 palette, 4 grey with alpha, 6 RGB with alpha.
    ///   - between: chunks between the header and the pixels, such as the palette.
    public static func picture(
        width: UInt32, height: UInt32, depth: UInt8, color: UInt8, rows: [UInt8], between: [(String, [UInt8])] = [],
        isInterlaced: Bool = false
    ) -> [UInt8] {
        let header = bigEndian(width) + bigEndian(height) + [depth, color, 0, 0, isInterlaced ? 1 : 0]
        return file([("IHDR", header)] + between + [("IDAT", zlib(rows)), ("IEND", [])])
    }

    /// The bytes as they are in zlib's wrapping: one stored block of at most 65,535 (RFC 1950 and 1951).
    public static func zlib(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt16(bytes.count)
        var (a, b): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            a = (a + UInt32(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return [0x78, 0x01, 1, UInt8(count & 255), UInt8(count >> 8), UInt8(~count & 255), UInt8(~count >> 8)] + bytes
            + bigEndian(b << 16 | a)
    }

    static func bigEndian(_ value: UInt32) -> [UInt8] {
        (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) }
    }
}
