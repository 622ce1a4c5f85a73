import Foundation
import Subprocess

/// The commands of Slurm, found on the search path.
struct Slurm: Sendable {
    /// Submits an array of jobs that run a command of the shell each.
    /// - Parameter after: tasks that must have ended well before.
    /// - Returns: the job's number.
    /// - Throws: `SlurmError`.
    func submit(_ command: String, count: Int, after: [SlurmTask], options: [String]) async throws -> Int {
        precondition(count > 0, "an array of no jobs")
        var arguments = ["--parsable", "--array=0-\(count - 1)"] + options
        if !after.isEmpty {
            arguments.append("--dependency=afterok:" + after.map(\.description).joined(separator: ":"))
            // What waits for work that failed would wait for ever.
            arguments.append("--kill-on-invalid-dep=yes")
        }
        // As an argument: a pipe would break where sbatch refuses without reading it.
        let answer = try await output("sbatch", arguments + ["--wrap=" + command])
        // "123", or "123;cluster" where there are several clusters.
        guard let job = Int(answer.prefix { $0 != ";" }.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw SlurmError(command: "sbatch", reason: "it answered '\(answer)' and no job number")
        }
        return job
    }

    /// The user's tasks that wait or run, in the order of Slurm.
    func queue() async throws -> [(task: SlurmTask, state: String)] {
        // One line a task, "123_4 RUNNING"; jobs that are no arrays have no "_".
        let text = try await output("squeue", ["--me", "--noheader", "--array", "--format=%i %T"])
        return text.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count == 2, let task = SlurmTask(words[0]), words[1] != "COMPLETING" else { return nil }
            return (task, String(words[1]))
        }
    }

    func cancel(_ tasks: [SlurmTask]) async throws {
        _ = try await output("scancel", tasks.map(\.description))
    }

    private func output(_ command: String, _ arguments: [String]) async throws -> String {
        let result: ExecutionResult<Void, StringOutput<UTF8>, StringOutput<UTF8>>
        do {
            result = try await Subprocess.run(
                .name(command), arguments: Arguments(arguments), input: .none,
                output: .string(limit: 64 << 20), error: .string(limit: 1 << 16))
        } catch {
            throw SlurmError(command: command, reason: "it cannot be started; is Slurm on this machine?")
        }
        guard result.terminationStatus.isSuccess else {
            let said = result.standardError.trimmingCharacters(in: .whitespacesAndNewlines)
            throw SlurmError(
                command: command, reason: said.isEmpty ? "it ended with \(result.terminationStatus)" : said)
        }
        return result.standardOutput
    }
}

/// The error of a command of Slurm.
package struct SlurmError: Error, Hashable, Sendable, CustomStringConvertible {
    package let command, reason: String
    package var description: String { "\(command): \(reason)" }
}
