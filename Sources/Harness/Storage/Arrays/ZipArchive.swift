internal import CZlib
import Foundation

/// The files in a zip archive, as NumPy's `.npz` is one: stored or deflated, in archives above 4 GiB too (zip64).
package struct ZipArchive {
    struct Entry {
        let name: String
        let isDeflated: Bool
        let checksum: UInt32
        let compressed, expanded, header: UInt64
    }

    let entries: [Entry]
    private let bytes: Data

    static let magic: [UInt8] = [0x50, 0x4b, 0x03, 0x04]
    private static let damaged = ArrayError("a zip archive that is cut off or damaged", allowed: "a whole one")
    /// The longest comment that may stand behind an archive's end.
    private static let longestComment = 65_535, endSize = 22, locatorSize = 20

    init(_ bytes: Data) throws(ArrayError) {
        self.bytes = bytes
        let (count, start) = try Self.directory(bytes)
        var place = start, entries: [Entry] = []
        for _ in 0..<count {
            guard Self.number(bytes, place, 4) == 0x0201_4b50 else { throw Self.damaged }
            let (entry, size) = try Self.entry(bytes, place)
            entries.append(entry)
            place += size
        }
        self.entries = entries
    }

    /// A little-endian number; nil past the end.
    private static func number(_ bytes: Data, _ place: Int, _ size: Int) -> UInt64? {
        guard place >= 0, place <= bytes.count - size else { return nil }
        return (0..<size).reduce(0) { $0 | UInt64(bytes[bytes.startIndex + place + $1]) << (8 * $1) }
    }

    /// The number of entries, and where their directory begins.
    private static func directory(_ bytes: Data) throws(ArrayError) -> (count: Int, start: Int) {
        let first = max(0, bytes.count - endSize - longestComment)
        var end = bytes.count - endSize
        while end >= first, number(bytes, end, 4) != 0x0605_4b50 { end -= 1 }
        guard end >= first, let count = number(bytes, end + 10, 2), let start = number(bytes, end + 16, 4) else {
            throw damaged
        }
        guard count == 0xffff || start == 0xffff_ffff else { return (Int(count), Int(start)) }
        guard number(bytes, end - locatorSize, 4) == 0x0706_4b50, let far = number(bytes, end - locatorSize + 8, 8),
            let place = Int(exactly: far), number(bytes, place, 4) == 0x0606_4b50,
            let total = number(bytes, place + 32, 8), let offset = number(bytes, place + 48, 8),
            let count = Int(exactly: total), let start = Int(exactly: offset), count <= bytes.count
        else { throw damaged }
        return (count, start)
    }

    /// An entry of the directory, and the bytes that it takes there.
    private static func entry(_ bytes: Data, _ place: Int) throws(ArrayError) -> (Entry, size: Int) {
        guard let flags = number(bytes, place + 8, 2), let method = number(bytes, place + 10, 2),
            let checksum = number(bytes, place + 16, 4), var compressed = number(bytes, place + 20, 4),
            var expanded = number(bytes, place + 24, 4), let nameLength = number(bytes, place + 28, 2),
            let extraLength = number(bytes, place + 30, 2), let commentLength = number(bytes, place + 32, 2),
            var header = number(bytes, place + 42, 4),
            place + 46 + Int(nameLength) + Int(extraLength) + Int(commentLength) <= bytes.count
        else { throw damaged }
        let name = bytes[(bytes.startIndex + place + 46)..<(bytes.startIndex + place + 46 + Int(nameLength))]
        guard flags & 1 == 0, method == 0 || method == 8 else {
            throw ArrayError(
                "'\(String(decoding: name, as: UTF8.self))' encrypted or compressed in another way",
                allowed: "numpy.savez or numpy.savez_compressed")
        }
        var extra = place + 46 + Int(nameLength)
        let end = extra + Int(extraLength)
        while extra + 4 <= end, let kind = number(bytes, extra, 2), let size = number(bytes, extra + 2, 2) {
            if kind == 1 {
                var field = extra + 4
                func take(_ value: inout UInt64) {
                    guard value == 0xffff_ffff, let long = number(bytes, field, 8) else { return }
                    value = long
                    field += 8
                }
                take(&expanded)
                take(&compressed)
                take(&header)
            }
            extra += 4 + Int(size)
        }
        let entry = Entry(
            name: String(decoding: name, as: UTF8.self), isDeflated: method == 8, checksum: UInt32(checksum),
            compressed: compressed, expanded: expanded, header: header)
        return (entry, 46 + Int(nameLength) + Int(extraLength) + Int(commentLength))
    }

    /// The bytes of a file in the archive, which have the checksum that the archive says.
    func contents(of entry: Entry) throws(ArrayError) -> Data {
        guard let header = Int(exactly: entry.header), Self.number(bytes, header, 4) == 0x0403_4b50,
            let nameLength = Self.number(bytes, header + 26, 2), let extraLength = Self.number(bytes, header + 28, 2),
            let size = Int(exactly: entry.compressed), let expanded = Int(exactly: entry.expanded)
        else { throw Self.damaged }
        let start = header + 30 + Int(nameLength) + Int(extraLength)
        guard start <= bytes.count, size <= bytes.count - start else { throw Self.damaged }
        let stored = bytes[(bytes.startIndex + start)..<(bytes.startIndex + start + size)]
        let contents = entry.isDeflated ? try Self.inflated(stored, to: expanded) : stored
        guard contents.count == expanded, Checksum.crc32(contents) == entry.checksum else { throw Self.damaged }
        return contents
    }

    /// Deflate makes at most 1032 times as many bytes (zlib's technical notes): more is not believed.
    private static let largestRatio = 1100

    private static func inflated(_ stored: Data, to count: Int) throws(ArrayError) -> Data {
        guard count / largestRatio <= stored.count else { throw damaged }
        // zlib keeps the address of the stream: it must stay where it is.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard czlib_begin_raw(stream) == Z_OK else { throw ArrayError("zlib could not start", allowed: "zlib") }
        defer { inflateEnd(stream) }
        var result = Data(count: count)
        let status = stored.withUnsafeBytes { source in
            result.withUnsafeMutableBytes { target in
                var taken = 0, made = 0
                while true {
                    let given = min(source.count - taken, 1 << 30), room = min(count - made, 1 << 30)
                    stream.pointee.next_in = UnsafeMutablePointer(
                        mutating: source.bindMemory(to: UInt8.self).baseAddress?.advanced(by: taken))
                    stream.pointee.avail_in = UInt32(given)
                    stream.pointee.next_out = target.bindMemory(to: UInt8.self).baseAddress?.advanced(by: made)
                    stream.pointee.avail_out = UInt32(room)
                    let status = inflate(stream, Z_NO_FLUSH)
                    taken += given - Int(stream.pointee.avail_in)
                    made += room - Int(stream.pointee.avail_out)
                    if status != Z_OK || (taken == source.count && made == count) {
                        return made == count ? status : Z_DATA_ERROR
                    }
                }
            }
        }
        guard status == Z_STREAM_END || status == Z_OK || status == Z_BUF_ERROR else { throw damaged }
        return result
    }
}
