import CProcess
import Foundation

/// Copies of this process that do one thing and end: one takes a millisecond where a program takes twenty to start.
package enum ForkedChild {
    /// Does something in a copy of this process, which does not outlive it, and waits for its end.
    ///
    /// This process must have one thread: what others hold locked would stay locked in the copy.
    /// - Throws: `ProcessError` where the system gives no more processes.
    package static func run(_ body: () -> Never) throws(ProcessError) -> ProcessEnd {
        let child = ablate_fork()
        if child == 0 { body() }
        var status: CInt = 0
        while child < 0 || waitpid(child, &status, 0) < 0 {
            guard child > 0, errno == EINTR else { throw ProcessError(String(cString: strerror(errno))) }
        }
        // As wait(2) has it: a signal in the lowest seven bits, or else a code above the lowest eight.
        let signal = status & 0x7f
        return signal == 0 ? .exited(status >> 8 & 0xff) : .killed(signal: signal)
    }
}

/// Why there is no process for a piece of work.
package struct ProcessError: Error, CustomStringConvertible {
    package let description: String

    init(_ reason: String) { description = "no process for the work: \(reason)" }
}
