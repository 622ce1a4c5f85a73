import Foundation
import Subprocess

/// A command on one study in a process of its own that shares this one's streams: a crash ends that study alone.
package struct StudyProcess: Sendable {
    private let executable: String
    private let stop: StopRequest

    /// - Parameter stop: passed on to the process, as SIGINT, each time.
    package init(executable: String, stop: StopRequest) { (self.executable, self.stop) = (executable, stop) }

    /// Runs the command to its end.
    /// - Throws: the error that keeps the process from starting.
    package func run(_ arguments: [String]) async throws -> ProcessEnd {
        var platform = PlatformOptions()
        // A group of its own, so that Ctrl-C reaches it through this process only, and so once.
        platform.processGroupID = 0
        let result = try await Subprocess.run(
            .path(.init(executable)), arguments: Arguments(arguments), platformOptions: platform, input: .none,
            output: .currentStandardOutput, error: .currentStandardError
        ) { execution in
            let process = execution.processIdentifier.value
            return stop.whenRequested { _ in kill(process, SIGINT) }
        }
        stop.forget(result.closureResult)
        return ProcessEnd(result.terminationStatus)
    }
}
