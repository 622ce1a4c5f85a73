import CProcess
import Foundation
import Storage

/// One call of a user's program, in a process group of its own that ends with the call.
struct PlugInProcess {
    /// The program with its arguments.
    let command: [String]
    /// The folder that it runs in.
    let folder: String
    /// The file that its standard output goes to; it is replaced.
    let output: String
    /// The file that its standard error is added to.
    let log: String

    /// The ways in which a call ends.
    enum End: Equatable {
        case exited(Int32)
        case killed(signal: Int32)
        /// It was ended after its timeout.
        case late
    }

    /// Seconds between a polite signal and the last one.
    private static let graceSeconds = 2.0
    /// Microseconds between two looks at the process, at first and at most.
    private static let shortestNap: UInt32 = 1000, longestNap: UInt32 = 100_000

    /// Runs the program to its end, and ends all of its group.
    /// - Parameter waiting: called again and again with the seconds that have passed; what it throws ends the program.
    /// - Throws: `FileError` where it cannot be started, and what `waiting` throws.
    func run(timeout: Double, waiting: (Double) throws -> Void) throws -> End {
        let process = try start()
        // What the program left behind in its group ends too.
        defer { kill(-process, SIGKILL) }
        let begun = MonotonicTime.now
        var nap = Self.shortestNap
        do {
            while true {
                if let end = Self.end(of: process) { return end }
                let seconds = MonotonicTime.now - begun
                if seconds > timeout {
                    Self.finish(process)
                    return .late
                }
                try waiting(seconds)
                usleep(nap)
                nap = min(2 * nap, Self.longestNap)
            }
        } catch {
            Self.finish(process)
            throw error
        }
    }

    private func start() throws -> pid_t {
        let standardOutput = try FileKind.open(
            output, O_WRONLY | O_CREAT | O_TRUNC, attempt: "open the program's output")
        defer { close(standardOutput) }
        let standardError = try FileKind.open(log, O_WRONLY | O_CREAT | O_APPEND, attempt: "open the log")
        defer { close(standardError) }
        var arguments: [UnsafePointer<CChar>?] = command.map { UnsafePointer(strdup($0)) }
        defer { for argument in arguments { free(UnsafeMutablePointer(mutating: argument)) } }
        arguments.append(nil)
        let process = ablate_spawn(arguments, folder, standardOutput, standardError)
        guard process > 0 else { throw FileError(path: command[0], attempt: "start the program") }
        return process
    }

    /// The end of the process; nil while it runs.
    private static func end(of process: pid_t) -> End? {
        var status: Int32 = 0
        let found = waitpid(process, &status, WNOHANG)
        if found == 0 || (found < 0 && errno == EINTR) { return nil }
        guard found == process else { return .exited(-1) }
        let signal = status & 0x7f
        return signal == 0 ? .exited(status >> 8 & 0xff) : .killed(signal: signal)
    }

    /// Ends the process, politely first.
    private static func finish(_ process: pid_t) {
        kill(-process, SIGTERM)
        let deadline = MonotonicTime.now + graceSeconds
        while MonotonicTime.now < deadline {
            if end(of: process) != nil { return }
            usleep(shortestNap)
        }
        kill(-process, SIGKILL)
        while end(of: process) == nil { usleep(shortestNap) }
    }
}
