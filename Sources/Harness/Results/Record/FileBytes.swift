import Foundation
import Specification
import Storage

/// Whole files as bytes.
package enum FileBytes {
    /// The bytes of a file; nil where there is none.
    /// - Throws: `FileError` where it cannot be read.
    package static func read(_ path: String) throws -> Data? {
        guard access(path, F_OK) == 0 else {
            if errno == ENOENT { return nil }
            throw FileError(path: path, attempt: "read the file")
        }
        if let fault = RegularFile.fault(of: path) {
            throw FileError(path: path, attempt: "read the file", reason: fault)
        }
        do { return try Data(contentsOf: URL(fileURLWithPath: path)) } catch {
            throw FileError(path: path, attempt: "read the file", reason: systemText(of: error))
        }
    }

    /// The hash of a file's bytes; nil where it cannot be read.
    package static func hash(_ path: String) -> Identity? {
        FileHash.identity(path)
    }

    /// Whether a file can be read and has the bytes that were sealed.
    static func has(_ hash: Identity, _ path: String) -> Bool {
        Breakage.seal.isOn ? access(path, R_OK) == 0 : self.hash(path) == hash
    }
}
