import ArgumentParser
import Execution
import Results
import Specification
import Study

struct WhyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "why",
        abstract: "Say of each run whether it is done, will run or is stale, and then what changed.",
        discussion: """
            What changed is a key of the specification, the version of a stage, or what the run is made from, against the record \
            that differs least. Runs and writes nothing.
            """)

    @OptionGroup var arguments: StudyArguments
    @OptionGroup var results: ResultsOption

    @Option(name: .customLong("run"), help: "One run alone, by its name: objective=combined,seed=0.")
    var point: String?

    func run() throws {
        let plan = Plan(try arguments.load(in: results.folder), results: results.folder)
        let answers = try Exit.translating { try plan.explained(point) }
        for answer in answers { Console.give(answer.lines.joined(separator: "\n")) }
        guard point == nil else { return }
        for path in results.folder.unnamedRecords(in: plan.study) {
            Console.give("\(path): not in the study, and kept")
        }
    }
}

extension StalenessReport {
    /// The answer, and indented lines of what changed.
    fileprivate var lines: [String] {
        switch runState {
        case .done: ["\(run.point): done"]
        case .elsewhere(let path): ["\(run.point): done, in \(path)"]
        case .failed(let cause): ["\(run.point): failed, and is tried again with --retry-failed", "  \(cause)"]
        case .stale(let differences): ["\(run.point): stale, and will run"] + Self.lines(differences)
        case .missing(nil): ["\(run.point): will run"]
        case .missing(let nearest?):
            ["\(run.point): will run; the nearest record is \(nearest.path)"] + Self.lines(nearest.differences)
        case .unreadable(let reason): ["\(run.point): will run, as its record is damaged", "  \(reason)"]
        }
    }

    private static func lines(_ differences: [Difference]) -> [String] {
        differences.isEmpty ? ["  nothing that decides it has changed"] : differences.map { "  \($0)" }
    }
}
