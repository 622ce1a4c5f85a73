import Foundation
import Specification
import Storage

/// The whole of a data file in memory, and the hash of its bytes as they lie.
struct DataFile {
    /// Expanded where the file is gzip.
    let bytes: [UInt8]
    let identity: Identity

    private static let blockSize = 1 << 20

    /// Reads a file; gzip is known by its first bytes.
    /// - Parameter expanding: false takes gzip as any other bytes.
    init(_ place: DataPlace, expanding: Bool = true) throws {
        var stored: [UInt8] = []
        try Self.read(place, isWhole: true) { stored += $0 }
        identity = Identity(hashing: stored)
        guard expanding, Gzip.isGzip(stored) else {
            bytes = stored
            return
        }
        do throws(GzipError) { bytes = try Gzip.expanded(stored) } catch {
            throw place.error(error.description, allowed: "a whole gzip file")
        }
    }

    /// The hash of a file that need not fit in memory.
    static func identity(of place: DataPlace) throws -> Identity {
        var hash = SHA256()
        try read(place, isWhole: false) { hash.update(Array($0)) }
        return Identity(digest: hash.finish())
    }

    private static func read(_ place: DataPlace, isWhole: Bool, _ take: (ArraySlice<UInt8>) -> Void) throws {
        func unreadable(_ fault: String? = nil) -> DataError {
            place.error("no readable file (\(fault ?? String(cString: strerror(errno))))", allowed: "a file")
        }
        if let fault = RegularFile.fault(of: place.path, isReadWhole: isWhole) { throw unreadable(fault) }
        guard let file = fopen(place.path, "rb") else { throw unreadable() }
        defer { fclose(file) }
        var block = [UInt8](repeating: 0, count: blockSize)
        while case let count = fread(&block, 1, block.count, file), count > 0 { take(block[..<count]) }
        guard ferror(file) == 0 else { throw unreadable() }
    }
}
