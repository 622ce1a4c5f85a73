import Foundation
import Specification

/// A file that a user names for a result, by one rule for every verb: what is there already is replaced only where the user says
/// so; a link is followed to the file that it leads to; a device, a pipe or a socket is written into and stays what it is.
package struct OutputFile: Sendable {
    package let path: String
    /// Where the bytes go: `path`, or what the link there leads to.
    private let target: String
    private let isRegular: Bool

    /// - Parameter attempt: what is to be done, as a verb and its object: "export the student".
    /// - Throws: `FileError` for a folder, and for a file that is there and may not be replaced.
    package init(_ path: String, attempt: String, overwriting: Bool) throws {
        self.path = path
        target = try Self.target(of: path, attempt)
        var status = stat()
        guard stat(target, &status) == 0 else {
            guard errno == ENOENT || errno == ENOTDIR else { throw FileError(path: path, attempt: attempt) }
            isRegular = true
            return
        }
        switch status.st_mode & S_IFMT {
        case S_IFREG:
            guard overwriting else {
                throw FileError(
                    path: path, attempt: attempt, reason: "\(Self.text(EEXIST)); --overwrite replaces it")
            }
            isRegular = true
        case S_IFDIR: throw FileError(path: path, attempt: attempt, reason: Self.text(EISDIR))
        default: isRegular = false
        }
    }

    private static func text(_ code: CInt) -> String { String(cString: strerror(code)) }

    /// As many links as the system itself follows.
    private static let mostLinks = 40

    /// Follows links one by one, so that one that leads to no file yet leads to the place of the new file.
    private static func target(of path: String, _ attempt: String) throws -> String {
        var path = path
        for _ in 0..<mostLinks {
            guard FileKind(path) == .link else { return path }
            var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
            let count = readlink(path, &bytes, bytes.count)
            guard count > 0 else { throw FileError(path: path, attempt: attempt) }
            let link = String(decoding: bytes[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
            let folder = parentFolder(of: path)
            path = link.hasPrefix("/") || folder.isEmpty ? link : "\(folder)/\(link)"
        }
        throw FileError(path: path, attempt: attempt, reason: text(ELOOP))
    }

    /// Writes the file: whole or not at all where it is a regular one.
    /// - Throws: `FileError`.
    package func write(_ bytes: some ContiguousBytes) throws {
        guard isRegular else { return try pour { try bytes.writeAll(to: $0, of: path) } }
        try AtomicFile.write(bytes, to: target)
    }

    /// Has `body` write a file of the name that it is given, whole or not at all, and brings it where it belongs.
    /// - Throws: what `body` throws, `FileError`.
    package func write(by body: (String) throws -> Void) throws {
        guard !isRegular else { return try body(target) }
        let folder = NSTemporaryDirectory() + "ablate-output-\(UUID().uuidString)"
        guard mkdir(folder, 0o700) == 0 else { throw FileError(path: folder, attempt: "create the folder") }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let file = folder + "/" + (path as NSString).lastPathComponent
        try body(file)
        let bytes: Data
        do { bytes = try Data(contentsOf: URL(fileURLWithPath: file), options: .alwaysMapped) } catch {
            throw FileError(path: file, attempt: "read the file", reason: systemText(of: error))
        }
        try pour { try bytes.writeAll(to: $0, of: path) }
    }

    private func pour(_ write: (CInt) throws -> Void) throws {
        let descriptor = open(target, O_WRONLY | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else { throw FileError(path: path, attempt: "open the file") }
        defer { close(descriptor) }
        try write(descriptor)
    }
}
