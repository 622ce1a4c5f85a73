import Foundation
import Specification

/// A seal at the end of a file, by which every later change of its bytes is found out before anybody tries to understand them: the
/// file says by itself that it is whole, also where it was copied to without anything beside it.
///
/// It is `ABLATE-SEAL-1` and a line break, then the 32 bytes of the SHA-256 of all that stands before. HDF5 reads nothing behind the
/// end that its own header tells.
package enum FileSeal {
    /// What the end of a file says of the rest.
    package enum Finding: Sendable { case none, whole, broken }

    private static let mark = Array("ABLATE-SEAL-1\n".utf8)
    private static let hashLength = 32

    /// Seals the bytes of a file.
    /// - Returns: the bytes with the seal behind them, and the hash of both.
    static func sealed(_ bytes: [UInt8]) -> (bytes: [UInt8], hash: [UInt8]) {
        var hash = SHA256()
        hash.update(bytes)
        var content = SHA256(copying: hash)
        let seal = mark + content.finish()
        hash.update(seal)
        return (bytes + seal, hash.finish())
    }

    /// Compares a file with its seal; nil where it cannot be read.
    package static func finding(_ path: String) -> Finding? {
        guard RegularFile.fault(of: path) == nil, let size = FileSignature(path).map({ Int($0.size) }) else {
            return nil
        }
        let length = size - mark.count - hashLength
        guard length >= 0 else { return Finding.none }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var tail = [UInt8](repeating: 0, count: mark.count + hashLength)
        guard pread(descriptor, &tail, tail.count, off_t(length)) == tail.count else { return nil }
        guard tail.starts(with: mark) else { return Finding.none }
        if Breakage.seal.isOn { return .whole }
        return FileHash.hash(path, first: length) == Array(tail.suffix(hashLength)) ? .whole : .broken
    }
}
