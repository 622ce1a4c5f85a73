import Foundation
import Results
import Storage

/// The file beside a product that collects the output of the processes that made it.
package enum WorkerLog {
    /// The beginning of the log's own lines, which distinguishes them from those of crashes and libraries.
    static let mark = "# "

    /// Redirects this process's standard error into a log, and notes when it began.
    package static func takeStandardError(_ path: String) {
        // Work without a log is better than none.
        guard let descriptor = try? FileKind.open(path, O_WRONLY | O_CREAT | O_APPEND, attempt: "open the log") else {
            return
        }
        dup2(descriptor, STDERR_FILENO)
        close(descriptor)
        note("\(Date().formatted(.iso8601)) process \(getpid()) on \(ProcessInfo.processInfo.hostName)")
    }

    /// Adds a line.
    package static func note(_ text: String) {
        // What cannot be written is left unsaid: nothing depends on it.
        try? Data("\(mark)\(text)\n".utf8).writeAll(to: STDERR_FILENO, of: "the log")
    }

    /// The lines that others than the log itself have written to it, from an offset on.
    static func lines(_ path: String, from start: Int) -> [String] {
        guard let bytes = try? FileBytes.read(path), bytes.count > start else { return [] }
        return String(decoding: bytes.dropFirst(start), as: UTF8.self).split(separator: "\n").map(String.init)
            .filter { !$0.hasPrefix(mark) }
    }
}
