import Foundation

/// The command line as users have it: a process of its own, with its streams apart.
struct AblateProcess {
    let output, errors: String
    let code: Int32

    /// Runs `ablate` to its end.
    init(_ arguments: [String], in folder: String, environment: [String: String] = [:]) throws {
        let process = Process(), out = Pipe(), err = Pipe()
        // The test runner and the command are built into one folder.
        let products = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
        process.executableURL = products.appendingPathComponent("ablate")
        process.arguments = arguments
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = out
        process.standardError = err
        try process.run()
        let errorText = Mailbox()
        let reader = Thread { errorText.deliver(err.fileHandleForReading.readDataToEndOfFile()) }
        reader.start()
        output = String(decoding: out.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        errors = String(decoding: errorText.wait(), as: UTF8.self)
        process.waitUntilExit()
        code = process.terminationStatus
    }
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
