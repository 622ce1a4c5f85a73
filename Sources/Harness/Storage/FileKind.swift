import Foundation

/// The kind of the entry at a path itself: a symbolic link is a link, wherever it leads.
package enum FileKind {
    case file, folder, link
    /// A device, a socket, a pipe.
    case other

    /// Nil where nothing is at the path, or the system does not report its kind.
    package init?(_ path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
    }

    /// Opens a file of this program's own in its folder to be written: a link in its place is not followed, so that nothing is
    /// written elsewhere, and what is no regular file is refused.
    /// - Parameter flags: of open(2) besides; `O_NOFOLLOW`, `O_CLOEXEC` and `O_NONBLOCK` are added.
    /// - Returns: the descriptor.
    /// - Throws: `FileError`.
    package static func open(_ path: String, _ flags: CInt, attempt: String) throws -> CInt {
        // Without O_NONBLOCK the opening of a pipe would wait for its other end.
        let descriptor = Foundation.open(path, flags | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK, 0o666)
        guard descriptor >= 0 else {
            let code = errno
            if code == ELOOP || code == ENXIO {
                let reason = code == ELOOP ? "it is a link, which is not followed" : "it is no regular file"
                throw FileError(path: path, attempt: attempt, reason: reason)
            }
            throw FileError(path: path, attempt: attempt, code: code)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw FileError(path: path, attempt: attempt, reason: "it is no regular file")
        }
        return descriptor
    }

    /// The plain files in a folder and in its folders, as paths from it, in their order; links are not followed.
    package static func files(below folder: String) -> [String] {
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted()
        return names.flatMap { name -> [String] in
            switch FileKind("\(folder)/\(name)") {
            case .file: [name]
            case .folder: files(below: "\(folder)/\(name)").map { "\(name)/\($0)" }
            case .link, .other, nil: []
            }
        }
    }
}
