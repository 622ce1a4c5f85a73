import ArgumentParser
import Harness

struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Show the scores of runs or studies beside each other, with their differences.",
        discussion: """
            Of runs, also the settings in which they differ. Arms of studies are paired by their coordinates and their \
            runs by seed; the intervals are paired t intervals.
            """)

    @Argument(help: "Two or more: a run's record or folder, or the folder of a study's results.", completion: .file())
    var paths: [String]

    @Option(
        name: .customLong("score"),
        help: "One score to compare, such as frechetDistance; may be repeated (default: all).")
    var scores: [String] = []

    @Option(help: "How the tables are written: text, markdown, csv or latex.")
    var format = TableFormat.text

    func validate() throws {
        if paths.count < 2 { throw ValidationError("two or more things are compared, not \(paths.count)") }
    }

    func run() throws {
        try Exit.translating {
            let subjects = try paths.map { try Comparison.Subject.read($0) }
            for subject in subjects {
                guard case .study(let study) = subject.content else { continue }
                for omission in study.leftOut { Console.say("warning: \(omission)") }
            }
            let known = Comparison.scoreNames(of: subjects)
            for score in scores where !known.contains(score) {
                Console.say("error: unknown score '\(score)'\n  allowed: \(known.joined(separator: ", "))")
                throw ExitCode(64)
            }
            let comparison = Comparison(subjects, scores: scores.isEmpty ? nil : scores)
            // For programs a table stands alone.
            if format == .text { for line in comparison.legend { Console.give(line) } }
            Console.give(comparison.table, as: format)
            if format == .text, let settings = comparison.settings {
                Console.give("")
                Console.give(settings)
            }
        }
    }
}

/// How a table is written to standard output.
enum TableFormat: String, ExpressibleByArgument, CaseIterable { case text, markdown, csv, latex }

extension Console {
    /// Prints a table to standard output in a format.
    static func give(_ table: Table, as format: TableFormat) {
        switch format {
        case .text: give(table)
        case .markdown: give(table.markdown)
        case .csv: give(table.csv)
        case .latex: give(table.latex)
        }
    }
}
