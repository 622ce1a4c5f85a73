import Foundation
import TestSupport

/// The command line as users have it: a process of its own, with its streams apart.
struct AblateProcess {
    let output, errors: String
    let code: Int32

    /// The command, which is built into the folder of the test runner.
    static let executable = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        .appendingPathComponent("ablate").path

    /// Runs `ablate` to its end.
    init(_ arguments: [String], in folder: String, environment: [String: String] = [:]) throws {
        self = try RunningAblate(arguments, in: folder, environment: environment).finish()
    }

    fileprivate init(output: String, errors: String, code: Int32) {
        (self.output, self.errors, self.code) = (output, errors, code)
    }
}

/// An `ablate` that has begun and not been waited for.
final class RunningAblate {
    private let process = Process()
    private let outputText = Mailbox(), errorText = Mailbox()

    /// - Parameter nice: what `nice` adds to the priority of this process; nil is without it.
    init(_ arguments: [String], in folder: String, environment: [String: String] = [:], nice: Int? = nil) throws {
        let out = Pipe(), err = Pipe()
        let program = AblateProcess.executable
        process.executableURL = URL(fileURLWithPath: nice == nil ? program : "/usr/bin/nice")
        process.arguments = (nice.map { ["-n", "\($0)", program] } ?? []) + arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = out
        process.standardError = err
        try process.run()
        for (pipe, text) in [(out, outputText), (err, errorText)] {
            Thread { text.deliver(pipe.fileHandleForReading.readDataToEndOfFile()) }.start()
        }
    }

    /// Waits for the end, and for all that was written.
    func finish() -> AblateProcess {
        process.waitUntilExit()
        return AblateProcess(
            output: String(decoding: outputText.wait(), as: UTF8.self),
            errors: String(decoding: errorText.wait(), as: UTF8.self), code: process.terminationStatus)
    }

    var isRunning: Bool { process.isRunning }

    /// The priority of the process.
    var priority: Int32 { processPriority(process.processIdentifier) }

    /// Sends a signal to the process itself, not to those it has begun.
    func signal(_ number: Int32) { kill(process.processIdentifier, number) }

    /// Whether the process handles a signal by now.
    func catches(_ number: Int32) -> Bool {
        let status = try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)
        let line = status?.split(separator: "\n").first { $0.hasPrefix("SigCgt:") }
        let mask = line?.split(separator: "\t").last.flatMap { UInt64($0, radix: 16) } ?? 0
        return mask >> UInt64(number - 1) & 1 == 1
    }

    /// The hosts of its work that are not over.
    var hosts: [pid_t] { childProcesses(of: process.processIdentifier) }
}

/// Carries what one thread read to another.
private final class Mailbox: @unchecked Sendable {
    private let delivered = DispatchSemaphore(value: 0)
    private var data = Data()

    func deliver(_ data: Data) {
        self.data = data
        delivered.signal()
    }

    func wait() -> Data {
        delivered.wait()
        return data
    }
}
