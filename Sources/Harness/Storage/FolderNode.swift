import Foundation

/// A folder itself, wherever it is: one that is renamed stays the same, one that is made in its place is another.
package struct FolderNode: Codable, Hashable, Sendable {
    private let device, inode: UInt64

    /// Nil where no folder is at the path.
    package init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
        (device, inode) = (UInt64(status.st_dev), UInt64(status.st_ino))
    }

    /// Refuses to go on in a folder that is no longer at its path.
    /// - Throws: `FileError`, which says so.
    package func check(at path: String) throws {
        let found = FolderNode(path)
        guard found != self else { return }
        throw FileError(
            path: path, attempt: "go on in the folder of results",
            reason: found == nil
                ? "it was renamed or removed while work was under way; what is done lies where the folder is now"
                : "another folder has taken its place while work was under way; what is done lies where the first is now"
        )
    }
}
