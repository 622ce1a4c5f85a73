import Foundation
import Specification
import Synchronization

/// Writes a file whole or not at all.
///
/// The bytes are written to a temporary name in the target's folder, to the disk, and then renamed to the target. A
/// reader sees the old file or the new one; a killed writer leaves the target as it was, and at most a `.tmp` beside
/// it, of a name that `isTemporary` knows. A symbolic link is replaced, not followed; a device, a pipe or a socket is refused.
/// What a user names is an `OutputFile`, which follows links.
package enum AtomicFile {
    /// Replaces the file at `path` by `bytes`.
    ///
    /// Throws `FileError`; the target is then untouched and the temporary removed.
    /// - Parameter isDurable: false leaves it to the system when bytes and name reach the disk: a crash of the machine may lose
    ///   them.
    package static func write(_ bytes: some ContiguousBytes, to path: String, isDurable: Bool = true) throws {
        try replacing(path, isDurable: isDurable) { _, descriptor in try bytes.writeAll(to: descriptor, of: path) }
    }

    /// Replaces the file at `path` by the content that `body` writes to the file whose name it receives.
    ///
    /// The temporary exists and is empty when `body` begins; `body` writes into it, does not replace it, and closes
    /// every file that it opens. Throws the errors of `body`, or `FileError`; the target is then untouched and the
    /// temporary removed.
    /// - Parameter sealing: called with the name of the temporary when it is whole and on the disk, before it
    ///   replaces the target.
    package static func write(
        to path: String, isDurable: Bool = true, sealing: (String) throws -> Void = { _ in },
        _ body: (String) throws -> Void
    ) throws {
        try replacing(path, isDurable: isDurable, sealing: sealing) { temporary, _ in try body(temporary) }
    }

    /// Replaces the file at `path` by `bytes`, with one wait for the disk for this file and those that belong to it.
    /// - Parameters:
    ///   - companions: files that have to be on the disk before this one gets its name; those that are not there are left out.
    ///   - sealing: called when the temporary is written and before the wait.
    package static func write(
        _ bytes: some ContiguousBytes, to path: String, with companions: [String], sealing: () throws -> Void
    ) throws {
        try replacing(path) { temporary, descriptor in
            try bytes.writeAll(to: descriptor, of: path)
            try sealing()
            try bringToDisk([temporary] + companions)
        }
    }

    /// Has files reach the disk, all at a time: the system writes them, and its own journal, in one go.
    private static func bringToDisk(_ paths: [String]) throws {
        let faults = Mutex<[FileError]>([])
        DispatchQueue.concurrentPerform(iterations: paths.count) { index in
            let descriptor = open(paths[index], O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
            if descriptor < 0, errno == ENOENT { return }
            if descriptor < 0 || fsync(descriptor) != 0 {
                let fault = FileError(path: paths[index], attempt: "bring the file to the disk")
                faults.withLock { $0.append(fault) }
            }
            if descriptor >= 0 { close(descriptor) }
        }
        if let fault = faults.withLock({ $0.first }) { throw fault }
    }

    private static func replacing(
        _ path: String, isDurable: Bool = true, sealing: (String) throws -> Void = { _ in },
        _ body: (String, CInt) throws -> Void
    ) throws {
        guard FileKind(path) != .other else {
            throw FileError(path: path, attempt: "replace the file", reason: "it is no regular file")
        }
        let isBroken = Breakage.rename.isOn
        let temporary = isBroken ? path : temporaryName(for: path)
        let descriptor = open(temporary, O_WRONLY | O_CREAT | (isBroken ? O_TRUNC : O_EXCL) | O_CLOEXEC, 0o666)
        guard descriptor >= 0 else { throw FileError(path: path, attempt: "create the file") }
        defer { close(descriptor) }
        do {
            if isBroken { usleep(50_000) }
            try body(temporary, descriptor)
            // The body may have written through another descriptor; fsync is of the file, not of the descriptor.
            guard !isDurable || fsync(descriptor) == 0 else {
                throw FileError(path: path, attempt: "bring the file to the disk")
            }
            try sealing(temporary)
            guard rename(temporary, path) == 0 else { throw FileError(path: path, attempt: "replace the file") }
        } catch {
            unlink(temporary)
            throw error
        }
        if isDurable { try synchronizeFolder(of: path) }
    }

    /// A name for a file until it is whole: "run.h5.ablate-<13 digits and letters>.tmp" for "run.h5".
    ///
    /// It is drawn at random: process numbers repeat from one container to the next, and on disks that machines share.
    package static func temporaryName(for path: String) -> String {
        let digits = String(UInt64.random(in: .min ... .max), radix: 36)
        return path + temporaryMark + String(repeating: "0", count: temporaryDigits - digits.count) + digits
            + temporarySuffix
    }

    /// The name has the form that `temporaryName` gives, which no other files have.
    package static func isTemporary(_ name: String) -> Bool {
        guard name.hasSuffix(temporarySuffix) else { return false }
        let rest = name.dropLast(temporarySuffix.count), digits = rest.suffix(temporaryDigits)
        return digits.count == temporaryDigits && digits.allSatisfy { temporaryLetters.contains($0) }
            && rest.dropLast(temporaryDigits).hasSuffix(temporaryMark) && !name.hasPrefix(temporaryMark)
    }

    private static let temporaryMark = ".ablate-", temporarySuffix = ".tmp"
    private static let temporaryLetters = Set("0123456789abcdefghijklmnopqrstuvwxyz")
    /// 36^13 is above 2^64, and 36^12 is not.
    private static let temporaryDigits = 13

    /// Brings the new name to the disk; the only step after which the target may be new although an error is thrown.
    package static func synchronizeFolder(of path: String) throws {
        let parent = parentFolder(of: path)
        let descriptor = open(parent.isEmpty ? "." : parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, attempt: "open the file's folder") }
        defer { close(descriptor) }
        // Some network disks do not support fsync of a folder and return EINVAL: nothing more can be done on those.
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw FileError(path: path, attempt: "bring the file's folder to the disk")
        }
    }
}
