import Foundation
import Reporting

/// How a command ended that was given a fault to deal with.
struct CommandEnd {
    enum How: Hashable { case exited(Int32), killed(Int32), hung }

    let how: How
    let errors: String

    /// Longer than any command of a tiny study takes on a busy machine.
    private static let patience = 60.0

    /// Runs `ablate` to its end, or ends it.
    /// - Parameter limit: a command of the shell before it, such as `ulimit -n 32`.
    static func of(
        _ arguments: [String], in folder: String, output: String = "/dev/null", limit: String? = nil
    ) throws -> CommandEnd {
        let process = Process(), log = folder + "/errors-\(UUID().uuidString).log"
        _ = FileManager.default.createFile(atPath: log, contents: nil)
        defer { unlink(log) }
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "\(limit ?? ":"); exec \"$0\" \"$@\" >\(output)", AblateRun.executable] + arguments
        process.environment = AblateRun.environment
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle(forWritingAtPath: log)
        try process.run()
        let isOver = process.waits(seconds: patience)
        let errors = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
        guard isOver else {
            kill(process.processIdentifier, SIGKILL)
            process.waitUntilExit()
            return CommandEnd(how: .hung, errors: errors)
        }
        let code = process.terminationStatus
        return CommandEnd(
            how: process.terminationReason == .uncaughtSignal ? .killed(code) : .exited(code), errors: errors)
    }

    static func tell(_ text: String) { Terminal.Stream.error.write(text + "\n") }
}

extension Process {
    /// Waits for the end.
    /// - Returns: false where it does not come in so many seconds.
    func waits(seconds: Double) -> Bool {
        let deadline = Date() + seconds
        while isRunning {
            guard Date() < deadline else { return false }
            usleep(2000)
        }
        return true
    }
}
