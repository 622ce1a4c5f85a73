import Foundation

/// The system's metadata of a file: it differs after every write to the file, and after its replacement.
///
/// The time of change is the system's own, which cannot be set back as `touch` can set the time of modification.
package struct FileSignature: Codable, Hashable, Sendable {
    package let inode, size: UInt64
    /// Nanoseconds since 1970.
    package let modified, changed: Int64

    package init(inode: UInt64, size: UInt64, modified: Int64, changed: Int64) {
        (self.inode, self.size, self.modified, self.changed) = (inode, size, modified, changed)
    }

    /// The signature of the file that a path leads to; nil where there is none.
    package init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        func nanoseconds(_ time: timespec) -> Int64 { Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }
        self.init(
            inode: UInt64(status.st_ino), size: UInt64(status.st_size), modified: nanoseconds(status.st_mtim),
            changed: nanoseconds(status.st_ctim))
    }

    /// Times of files go in steps, of some milliseconds on this machine's disks and of up to two seconds on others: within one, a
    /// second write could leave the signature of the first.
    package static let step: Int64 = 2_000_000_000

    /// Every later write will change the signature.
    /// - Parameter step: nanoseconds from one time of a file to the next.
    package func isSettled(step: Int64 = Self.step) -> Bool {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        let latest = Int64(now.tv_sec) * 1_000_000_000 + Int64(now.tv_nsec) - step
        return changed < latest && modified < latest
    }
}
