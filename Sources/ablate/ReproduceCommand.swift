import ArgumentParser
import Execution
import Foundation
import Reporting
import Results
import Specification
import Study

struct ReproduceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reproduce",
        abstract: "Run studies one after another, and write a report over all of them.",
        discussion: """
            Prints a time estimate first. Finished stages are not repeated, interrupted ones resume; a study that fails \
            does not keep the others from running. At the end REPORT.md and report.html are in the folder of results. \
            Ctrl-C stops after a checkpoint; the same command resumes from there.
            """)

    @Argument(
        help: "Study files, and folders whose YAML files are studies (not those of folders within).",
        completion: .file())
    var studies = ["experiments"]

    @OptionGroup var results: ResultsOption

    @Option(name: .shortAndLong, help: "Stages at a time (default: as for run).")
    var jobs: Int?

    @Flag(help: "Print the missing stages and an estimate of the time, and do nothing.")
    var plan = false

    @Flag(help: "Execute runs again that failed before.")
    var retryFailed = false

    @Flag(inversion: .prefixedNo, help: "Draw figures, with gnuplot.")
    var figures = true

    @OptionGroup var commands: CommandsOption

    func validate() throws {
        try JobCount.check(jobs)
    }

    func run() async throws {
        let reproduction = try Exit.translating {
            try Reproduction(files: StudyFiles.at(studies), results: results.folder, jobs: jobs)
        }
        Console.give(reproduction.table)
        Console.give(reproduction.estimate)
        if plan { return }
        // Before the first of them begins, not after hours.
        try commands.check(reproduction.entries.flatMap(\.open))
        let plotter = figures ? Plotter() : nil
        // Found out now, not after hours.
        try await Exit.translating { try await plotter?.check() }
        let stop = StopRequest(), interruption = Interruption(stop, signals: [SIGINT, SIGTERM])
        let outcomes = try await carryOut(reproduction, stop)
        if withExtendedLifetime(interruption, { stop.isRequested }) {
            Console.say("stopped; the same command goes on from here")
            throw Exit.interrupted
        }
        try await Exit.translating { try await report(reproduction, outcomes, plotter) }
        let failed = zip(reproduction.entries, outcomes).filter { $1 != .exited(0) }.map(\.0.study.name)
        guard failed.isEmpty else {
            Console.say("not all was done of: \(failed.joined(separator: ", "))")
            throw Exit.someFailed
        }
    }

    /// Runs each study; those after a stop are left out.
    private func carryOut(_ reproduction: Reproduction, _ stop: StopRequest) async throws -> [ProcessEnd] {
        let process = StudyProcess(executable: "/proc/self/exe", stop: stop)
        var outcomes: [ProcessEnd] = []
        for (number, entry) in reproduction.entries.enumerated() where !stop.isRequested {
            Console.say("\n\(entry.study.name) (\(number + 1) of \(reproduction.entries.count)): \(entry.file)")
            let outcome = try await Exit.translating {
                // Neither path is an option, whatever it begins with.
                try await process.run(["run", "--results=\(results.path)"] + passedOn + ["--", entry.file])
            }
            outcomes.append(outcome)
            if !stop.isRequested, outcome != .exited(0) { Console.say("\(entry.study.name): \(outcome.text)") }
        }
        return outcomes
    }

    private var passedOn: [String] {
        (jobs.map { ["--jobs", "\($0)"] } ?? []) + (commands.areAllowed ? ["--allow-commands"] : [])
            + (retryFailed ? ["--retry-failed"] : [])
    }

    private func report(
        _ reproduction: Reproduction, _ outcomes: [ProcessEnd], _ plotter: Plotter?
    ) async throws {
        var found: [StudyResults] = [], absent: [MarkdownReport.Absence] = []
        for (entry, outcome) in zip(reproduction.entries, outcomes) {
            let name = entry.study.name
            do { found.append(try StudyResults.read(results.folder.study(name))) } catch {
                let reason = outcome == .exited(0) ? "" : "\(outcome.text); "
                absent.append(.init(study: name, reason: "\(reason)\(error)"))
            }
        }
        for omission in found.flatMap(\.leftOut) { Console.say("warning: \(omission)") }
        for absence in absent { Console.say("warning: \(absence.study) is not in the report: \(absence.reason)") }
        guard !found.isEmpty else { return }
        let paths = try await StudyReport(found, plotter: plotter, absent: absent).write(
            page: "\(results.path)/report.html", digest: "\(results.path)/REPORT.md")
        Console.give("")
        Console.give(MarkdownReport.overview(found))
        for path in paths.suffix(2) { Console.give("Wrote \(path)") }
    }
}

extension Reproduction {
    /// The stages that remain, a row per study.
    fileprivate var table: Table {
        Table(
            columns: [
                .init("study", alignment: .left), .init("runs"), .init("done"), .init("to do"), .init("failed before"),
                .init("time", alignment: .right),
            ],
            rows: entries.map { entry in
                [
                    .text(entry.study.name), .count(entry.study.runs.count), .count(entry.done),
                    .count(entry.pending), .count(entry.failed), .text(NumberFormat.clock(seconds: entry.seconds)),
                ]
            })
    }

    fileprivate var estimate: String {
        let pending = entries.reduce(0) { $0 + $1.pending }
        guard pending > 0 else { return "Nothing is left to do but the report." }
        return "\(pending) pieces of work to do: about \(NumberFormat.clock(seconds: seconds)) with \(jobs) jobs"
            + (isMeasured ? ", by the times of earlier runs." : ", unmeasured on this machine.")
    }
}

extension ProcessEnd {
    fileprivate var text: String {
        switch self {
        case .exited(Exit.someFailed.rawValue): "some of its work failed or diverged"
        case .exited(let code): "it ended with \(code)"
        case .killed(let signal): "it was ended by signal \(signal)"
        }
    }
}
