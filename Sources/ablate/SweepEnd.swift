import Execution
import Foundation
import Results
import Study

/// The end of a sweep, as the command of `--on-end` is told it.
final class SweepEnd {
    private let command: String?
    private let began = Date()
    private var study = "", folder = ""
    private var runs = 0, done = 0, failed = 0, diverged = 0

    /// - Parameter command: of the shell; nil where nobody is told.
    init(_ command: String?) { self.command = command }

    /// The sweep is one of a study.
    func note(_ study: Study, in results: ResultsFolder) {
        (self.study, runs) = (study.name, study.runs.count)
        folder = URL(fileURLWithPath: results.study(study.name)).standardizedFileURL.path
    }

    /// What was found at its end.
    func note(records: Int, diverged: Int, failed: Int) {
        (done, self.diverged, self.failed) = (records, diverged, failed)
    }

    /// Runs the command, and says where it fails: the outcome of the sweep stays what it is.
    /// - Parameter outcome: done, failed or stopped.
    func tell(_ outcome: String) {
        guard let command, !study.isEmpty else { return }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", command]
        process.environment = Console.environment.merging([
            "ABLATE_STUDY": study, "ABLATE_OUTCOME": outcome, "ABLATE_FOLDER": folder, "ABLATE_RUNS": "\(runs)",
            "ABLATE_RECORDS": "\(done)", "ABLATE_DIVERGED": "\(diverged)", "ABLATE_FAILED": "\(failed)",
            "ABLATE_SECONDS": "\(Int(Date().timeIntervalSince(began)))",
        ]) { $1 }
        process.standardInput = FileHandle.nullDevice
        do {
            try process.run()
            process.waitUntilExit()
            guard process.terminationStatus != 0 else { return }
            Console.say("warning: the command of --on-end ended with \(process.terminationStatus)")
        } catch {
            Console.say("warning: the command of --on-end could not be run: \(error.localizedDescription)")
        }
    }
}
