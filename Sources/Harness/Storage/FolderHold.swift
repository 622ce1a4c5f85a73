import Foundation

/// A hold on a folder by one process, by which others see that it is in use: a lock of the system (flock) on the folder itself, which
/// ends with its process, however that ends.
package final class FolderHold {
    private let descriptor: CInt

    /// Creates a folder where it is missing and holds it, waiting while another process does. A file system without locks gives
    /// none, and none to those who look either.
    /// - Throws: `FileError`.
    package init(creating path: String) throws {
        while true {
            do { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
                throw FileError(path: path, attempt: "create the folder", reason: systemText(of: error))
            }
            guard let descriptor = Self.open(path) else {
                // Whoever held it before may have removed it just now.
                if errno == ENOENT { continue }
                throw FileError(path: path, attempt: "open the folder")
            }
            _ = flock(descriptor, LOCK_EX)
            if Self.isStill(path, descriptor) {
                self.descriptor = descriptor
                return
            }
            close(descriptor)
        }
    }

    /// Holds a folder that nobody holds; nil where somebody does, it is no folder, or its file system keeps no locks.
    package init?(ofIdle path: String) {
        guard let descriptor = Self.open(path) else { return nil }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
        self.descriptor = descriptor
    }

    deinit { close(descriptor) }

    private static func open(_ path: String) -> CInt? {
        let descriptor = Foundation.open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        return descriptor >= 0 ? descriptor : nil
    }

    /// The folder at the path is the one that was opened.
    private static func isStill(_ path: String, _ descriptor: CInt) -> Bool {
        var here = stat(), opened = stat()
        return lstat(path, &here) == 0 && fstat(descriptor, &opened) == 0 && here.st_ino == opened.st_ino
            && here.st_dev == opened.st_dev
    }
}
