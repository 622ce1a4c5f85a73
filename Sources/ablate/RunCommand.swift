import ArgumentParser
import Foundation
import Harness

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Do what a study still lacks, then show its table.",
        discussion:
            "Runs that are done are found by their identity and not repeated. Ctrl-C stops; what was finished stays.")

    @OptionGroup var arguments: StudyArguments
    @OptionGroup var results: ResultsOption

    @Option(
        name: .shortAndLong, help: "Pieces of work at a time, each a process with one thread (default: one a core).")
    var jobs: Int?

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs is at least 1, not \(jobs)") }
    }

    func run() async throws {
        let study = try arguments.load()
        let plan = Plan(study, results: results.folder)
        let launcher = ProcessLauncher(executable: "/proc/self/exe", arguments: [WorkCommand.name])
        let display = RunDisplay(plan)
        let endings = try await Exit.translating {
            defer { display.finish() }
            return try await Runner(
                plan, launcher: launcher, jobs: jobs ?? ProcessInfo.processInfo.activeProcessorCount,
                observe: { display.show($0) }
            ).run()
        }
        try Exit.translating { try summarise(plan, endings.map(\.ending)) }
    }

    private func summarise(_ plan: Plan, _ endings: [Ending]) throws {
        let study = plan.study
        // A run that failed may have left, under its name, the record of an earlier version of the study.
        let wanted = Dictionary(uniqueKeysWithValues: zip(study.runs.map(\.point), plan.runItems.map(\.work.identity)))
        let (all, unreadable) = try results.folder.records(of: results.folder.study(study.name))
        let records = all.filter { wanted[$0.run.point] == $0.identity }
        for (path, reason) in unreadable { Console.say("warning: left out \(path): \(reason)") }
        let (table, paths) = try results.folder.summarise(study.name, records)
        Console.give("\(study.name): \(study.question)")
        Console.give(table)
        Console.give("Wrote \(results.folder.study(study.name))/<\(records.count) runs>/run.h5")
        for path in paths { Console.give("      \(path)") }
        let failed = endings.filter { if case .failed = $0 { true } else { false } }.count
        let diverged = records.filter { $0.outcome != .done }.count
        if failed + diverged > 0 {
            Console.say("\(failed) pieces of work failed, \(diverged) runs diverged")
            throw Exit.someFailed
        }
    }
}
