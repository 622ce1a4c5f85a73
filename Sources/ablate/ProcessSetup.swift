import Foundation
import Specification

/// What the process asks of the system before anything else.
enum ProcessSetup {
    /// Open files at a time: those of this program, of its libraries, and a few for each process that it starts.
    private static let usualFiles: rlim_t = 1024
    private static let leastFiles: rlim_t = 64

    /// Has Ctrl-C end the process with 130 until somebody else waits for it, and a file that would grow beyond the limit of the shell
    /// (`ulimit -f`) be an error of its writer, as a full disk is, instead of the end of the process.
    static func handleSignals() {
        for number in [SIGINT, SIGTERM] { signal(number) { _ in _exit(130) } }
        signal(SIGXFSZ, SIG_IGN)
    }

    /// Gives this process the priority of its parent (`nice`). Started by a thread of a pool, which has its own priority where it may, a
    /// process of root's would have a higher one than the user asked for.
    static func takePriorityOfParent() {
        let process = __priority_which_t(PRIO_PROCESS.rawValue)
        _ = setpriority(process, 0, getpriority(process, id_t(getppid())))
    }

    /// Raises the number of files that may be open at a time as far as that may be.
    /// - Returns: what is lacking; nil where enough may be open.
    static func raiseFileLimit() -> String? {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0, limit.rlim_cur < usualFiles else {
            return nil
        }
        limit.rlim_cur = min(limit.rlim_max, usualFiles)
        setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
        guard limit.rlim_cur < leastFiles else { return nil }
        return "this process may have \(limit.rlim_cur) files open\n  allowed: at least \(leastFiles) (ulimit -n)"
    }
}
