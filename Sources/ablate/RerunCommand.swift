import ArgumentParser
import Execution
import Foundation
import Results
import Study

struct RerunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rerun",
        abstract: "Repeat a run from its record alone, and print whether the result is bitwise the same.",
        discussion: """
            The repetition goes to a temporary folder, which is removed unless --keep names one. Teachers and other shared \
            products are read from the cache beside the record, where they exist. The exit code is 0 where every bit is the same, else 1.
            """)

    @Argument(help: "A run's folder, or its record run.h5.", completion: .file(extensions: ["h5"]))
    var record: String

    @Option(help: "A folder of results whose cache is used (default: the one around the record).")
    var results: String?

    @Option(help: "A new folder in which the repetition is kept.", completion: .directory)
    var keep: String?

    @OptionGroup var commands: CommandsOption

    func validate() throws {
        if let keep, FileManager.default.fileExists(atPath: keep) {
            throw ValidationError("--keep names a new folder, and \(keep) is there already")
        }
    }

    func run() async throws {
        let path = RecordArgument.path(record)
        let folder = keep ?? NSTemporaryDirectory() + "ablate-rerun-\(UUID().uuidString)"
        defer { if keep == nil { try? FileManager.default.removeItem(atPath: folder) } }
        let cache = results.map { ResultsFolder($0) } ?? Repetition.results(around: path)
        let repetition = try Exit.translating { try Repetition(of: path, in: folder, sharing: cache) }
        if !repetition.isOfThisVersion {
            Console.say("warning: \(path) was made by another version: its specification has another identity now")
        }
        try commands.check(repetition.plan.open(.left))
        let options = WorkerOptions(allowsCommands: commands.areAllowed)
        let failures = try await Stage.carryOut(repetition.plan, options, jobs: 1)
        guard failures.isEmpty else { throw Exit.someFailed }
        let comparison = try Exit.translating { try repetition.compared() }
        for fact in comparison.facts { Console.give("made with another \(fact)") }
        Console.give(comparison.table)
        Console.give(comparison.verdict)
        if !comparison.isBitwiseSame { throw Exit.someFailed }
    }
}

extension Stage {
    /// Executes a plan in processes of this program, and shows its progress.
    /// - Returns: the causes of what failed.
    fileprivate static func carryOut(_ plan: Plan, _ options: WorkerOptions, jobs: Int) async throws -> [String] {
        let launcher = ProcessLauncher(
            executable: "/proc/self/exe", arguments: [WorkerCommand.name], workerOptions: options)
        let display = RunDisplay(plan)
        let endings = try await Exit.translating {
            defer { display.finish() }
            return try await Runner(plan, launcher: launcher, jobs: jobs, observe: { display.show($0) }).run()
        }
        return endings.compactMap { stageResult in
            switch stageResult.stageResult {
            case .done, .diverged: nil
            case .failed, .obstructed, .stopped: stageResult.stageResult.text
            }
        }
    }
}
