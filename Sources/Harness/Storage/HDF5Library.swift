internal import CHDF5
import Foundation

/// The only access to the HDF5 library, for one thread at a time.
///
/// The library's own lock does not cover the dimension scales, and not every build has it.
enum HDF5Library {
    /// Recursive, since a handle may be closed while another operation is under way.
    private static let lock = NSRecursiveLock()

    /// Runs `body` alone in the library, with HDF5's own printing of errors off.
    static func locked<Result>(_ body: () throws -> Result) rethrows -> Result {
        lock.lock()
        defer { lock.unlock() }
        // The setting is per thread in thread-safe builds, so it is made at every entry.
        _ = chdf5_silence()
        return try body()
    }

    /// The error text of this thread's last failed call.
    static func lastError() -> String {
        var text = [CChar](repeating: 0, count: 600)
        chdf5_last_error(&text, text.count)
        let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
        return bytes.isEmpty ? "no reason given" : String(decoding: bytes, as: UTF8.self)
    }
}

/// The file and the name within it at which an operation happens, for the texts of errors.
package struct HDF5Place {
    package let path: String
    /// The full name inside the file: "/", "/metrics/loss".
    package let name: String

    /// The place of the member `member` of the group at this place.
    func appending(_ member: String) -> HDF5Place {
        HDF5Place(path: path, name: name == "/" ? "/" + member : name + "/" + member)
    }

    func error(_ operation: String, _ detail: String) -> HDF5Error {
        HDF5Error(path: path, operation: operation, detail: detail)
    }

    /// Passes a status or an identifier through, or throws the library's last error where it is negative.
    @discardableResult
    func check<Status: SignedInteger>(_ status: Status, _ operation: @autoclosure () -> String) throws -> Status {
        guard status >= 0 else { throw error(operation(), HDF5Library.lastError()) }
        return status
    }
}
