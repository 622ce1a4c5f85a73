import CProcess
import Foundation

/// Forks of this process that run one function and exit: a fork takes a millisecond where a program takes twenty to
/// start.
package enum ForkedChild {
    /// Runs a function in a fork of this process, and waits for its end.
    ///
    /// This process must have one thread: a lock held by another would stay locked in the fork.
    /// - Throws: `ProcessError` where the system cannot fork.
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

/// The reason why no process could be started for a stage.
package struct ProcessError: Error, CustomStringConvertible {
    package let description: String

    init(_ reason: String) { description = "no process for the work: \(reason)" }
}
