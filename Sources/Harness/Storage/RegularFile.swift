import Foundation

/// Files that are read: regular ones alone, since a device or a pipe need not end, and of those that are read whole none that memory
/// cannot hold. Links are followed.
package enum RegularFile {
    /// Why something cannot be read as a file; nil where it can. Nothing is opened.
    /// - Parameter isReadWhole: false for a file that is read in pieces or mapped, which may be larger than the memory.
    package static func fault(of path: String, isReadWhole: Bool = true) -> String? {
        var status = stat()
        guard stat(path, &status) == 0 else { return String(cString: strerror(errno)) }
        switch status.st_mode & S_IFMT {
        case S_IFREG: break
        case S_IFDIR: return String(cString: strerror(EISDIR))
        default: return "it is no regular file (a device, a pipe or a socket)"
        }
        guard !isReadWhole || UInt64(status.st_size) <= mostBytes else {
            return "it has \(text(bytes: Double(status.st_size))), more than the memory of this machine"
        }
        guard access(path, R_OK) == 0 else { return String(cString: strerror(errno)) }
        return nil
    }

    /// The bytes of a file that is read whole.
    package static let mostBytes = ProcessInfo.processInfo.physicalMemory

    /// The bytes of a file.
    /// - Throws: `InputError` with the attempt, "read the study", where it is no file or cannot be read.
    package static func read(_ path: String, attempt: String) throws -> Data {
        if let fault = fault(of: path) { throw InputError(path: path, attempt: attempt, reason: fault) }
        do { return try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw InputError(path: path, attempt: attempt, reason: systemText(of: error))
        }
    }

    /// "3.5 TiB".
    package static func text(bytes: Double) -> String {
        var (size, units) = (bytes, ["bytes", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][...])
        while size >= 1024, units.count > 1 { (size, units) = (size / 1024, units.dropFirst()) }
        let digits = size < 10 && units.first != "bytes" ? (size * 10).rounded() / 10 : size.rounded()
        return digits == digits.rounded()
            ? (digits < 1e15 ? "\(Int(digits)) \(units.first!)" : "\(digits) \(units.first!)")
            : "\(digits) \(units.first!)"
    }
}
