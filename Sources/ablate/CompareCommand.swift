import ArgumentParser
import Foundation
import Reporting
import Results
import Study

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Show the scores of runs or studies beside each other, with their differences.",
        discussion: """
            For runs, also the settings in which they differ. Arms of studies are paired by their coordinates and their \
            runs by seed; the intervals are paired t intervals.
            """)

    @Argument(help: "Two or more: a run's record or folder, or the folder of a study's results.", completion: .file())
    var paths: [String]

    @Flag(help: "Compare every score that was measured.")
    var all = false

    @Option(help: "The scores to compare, such as frechetDistance,recall.")
    var columns: String?

    @Flag(help: "Compare the drift from the teacher's path by duration, instead of scores.")
    var drift = false

    @OptionGroup var arms: ArmOptions

    @Option(help: "The format of the tables.")
    var format = TableFormat.text

    func validate() throws {
        if paths.count < 2 { throw ValidationError("two or more things are compared, not \(paths.count)") }
        if all, columns != nil { throw ValidationError("--all and --columns exclude each other") }
        if drift, all || columns != nil {
            throw ValidationError("--drift shows no scores: neither --all nor --columns goes with it")
        }
    }

    private func choice(of known: [String]) throws -> ScoreChoice {
        guard let columns else { return all ? .all : .few }
        let names = columns.split(separator: ",").map { String($0).trimmingCharacters(in: .whitespaces) }
        for name in names where !known.contains(name) {
            Console.say("error: unknown score '\(name)'\n  allowed: \(known.joined(separator: ", "))")
            throw ExitCode(64)
        }
        return .named(names)
    }

    func run() throws {
        try Exit.translating {
            var subjects = try paths.map { try ArmComparison.Subject.read($0) }
            for subject in subjects {
                guard case .study(let study) = subject.content else { continue }
                for omission in study.leftOut { Console.say("warning: \(omission)") }
            }
            if let sort = arms.sort {
                try ArmOptions.check([sort], "score", among: ArmComparison.scoreNames(of: subjects))
            }
            if let filter = try arms.filter(subjects.flatMap(\.records)) {
                subjects = subjects.map { $0.filtered { filter($0) } }
            }
            let comparison = ArmComparison(
                subjects, by: drift ? .drift : .scores(try choice(of: ArmComparison.scoreNames(of: subjects))),
                sort: arms.sort, top: arms.top)
            for ground in comparison.grounds { Console.say("note: \(ground)") }
            if drift, comparison.isEmpty { throw Exit.noDrift(paths.joined(separator: ", ")) }
            if let counts = comparison.unequalCounts {
                Console.say(
                    """
                    error: scores of different numbers of samples
                      found: \(counts)
                      allowed: equal evaluation.samples, or --columns with scores that do not depend on them, such as pairedError
                    """)
                throw Exit.badSpecification
            }
            // Formats for programs contain the table alone.
            if format == .text { for line in comparison.legend { Console.give(line) } }
            Console.give(comparison.table, as: format)
            if format == .text, let settings = comparison.settings {
                Console.give("")
                Console.give(settings)
            }
        }
    }
}

/// The format of a table on standard output.
enum TableFormat: String, ExpressibleByArgument, CaseIterable { case text, markdown, csv, latex, json }

extension Console {
    /// Prints a table to standard output in a format.
    static func give(_ table: Table, as format: TableFormat) {
        switch format {
        case .text: give(table)
        case .markdown: put(table.markdown)
        case .csv: put(table.csv)
        case .latex: put(table.latex)
        case .json: put(table.json)
        }
    }
}
