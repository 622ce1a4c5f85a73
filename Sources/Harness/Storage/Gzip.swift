internal import CZlib

/// Files that gzip made (RFC 1952), of one member or more.
package enum Gzip {
    private static let magic: [UInt8] = [0x1f, 0x8b]
    private static let blockSize = 1 << 18

    package static func isGzip(_ bytes: some Sequence<UInt8>) -> Bool { bytes.starts(with: magic) }

    /// The uncompressed bytes; lengths and checksums are compared with those in the file.
    package static func expanded(_ bytes: [UInt8]) throws(GzipError) -> [UInt8] {
        // zlib keeps the address of the stream: it must stay where it is.
        let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        stream.initialize(to: z_stream())
        defer { stream.deallocate() }
        guard czlib_begin_gzip(stream) == Z_OK else { throw .damaged("zlib could not start") }
        defer { inflateEnd(stream) }
        let result: Result<[UInt8], GzipError> = bytes.withUnsafeBufferPointer { source in
            do throws(GzipError) { return .success(try expanded(source, by: stream)) } catch { return .failure(error) }
        }
        return try result.get()
    }

    private static func expanded(
        _ source: UnsafeBufferPointer<UInt8>, by stream: UnsafeMutablePointer<z_stream>
    ) throws(GzipError) -> [UInt8] {
        var result: [UInt8] = []
        var block = [UInt8](repeating: 0, count: blockSize)
        var taken = 0
        while true {
            let given = min(source.count - taken, blockSize)
            stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress! + taken)
            stream.pointee.avail_in = UInt32(given)
            let status = block.withUnsafeMutableBufferPointer { room in
                stream.pointee.next_out = room.baseAddress
                stream.pointee.avail_out = UInt32(room.count)
                return inflate(stream, Z_NO_FLUSH)
            }
            taken += given - Int(stream.pointee.avail_in)
            result += block[..<(block.count - Int(stream.pointee.avail_out))]
            switch status {
            case Z_OK: continue
            case Z_STREAM_END:
                if taken == source.count { return result }
                guard isGzip(source[taken...]) else { throw .damaged("\(source.count - taken) bytes after the end") }
                inflateReset(stream)
            case Z_BUF_ERROR: throw .truncated(bytes: source.count)
            default: throw .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "zlib's error \(status)")
            }
        }
    }
}

/// The reason for which a file is not whole gzip.
package enum GzipError: Error, Equatable, CustomStringConvertible {
    case truncated(bytes: Int)
    case damaged(String)

    package var description: String {
        switch self {
        case .truncated(let bytes): "a truncated gzip file of \(bytes) bytes"
        case .damaged(let what): "a damaged gzip file (\(what))"
        }
    }
}
