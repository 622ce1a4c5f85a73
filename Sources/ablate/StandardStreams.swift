import ArgumentParser
import Foundation
import Reporting

/// The three streams that the process was started with.
enum StandardStreams {
    /// Gives a closed stream a place of its own that refuses reading or writing as the closed one would: else the next file that
    /// is opened, such as a record, would take the number of standard output and get what is printed.
    static func claimClosed() {
        for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)] {
            guard fcntl(descriptor, F_GETFD) == -1, errno == EBADF else { continue }
            // The lowest free number is this one, as those below are open by now.
            _ = open("/dev/null", mode)
        }
    }

    /// Has the process end with 74 where standard output could not take all: what ArgumentParser prints (`--help`, `--version`) lies
    /// in a buffer until the end, and a network disk tells of a lack of room only when a file is closed.
    static func checkAtExit() {
        atexit {
            if fflush(nil) != 0 {
                guard errno != EPIPE else { return }
                StandardStreams.endUnwritten(code: errno)
            }
            if close(STDOUT_FILENO) != 0, errno != EBADF { StandardStreams.endUnwritten(code: errno) }
        }
    }

    /// Says that standard output cannot be written, and ends the process at once with 74: a result that is lost is no success.
    static func endUnwritten(code: CInt) -> Never {
        Console.say("error: standard output: cannot write the results: \(String(cString: strerror(code)))")
        _exit(Exit.cannotWrite.rawValue)
    }
}
