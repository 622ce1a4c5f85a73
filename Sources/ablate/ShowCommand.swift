import ArgumentParser
import Harness

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the table of a study again, from its records alone.")

    @Argument(help: "The folder of a study's results.", completion: .directory)
    var folder: String

    @Option(
        name: .customLong("over-training"),
        help: "One score at each measurement of the training, such as frechetDistance.")
    var score: String?

    @Option(help: "How the table is written: text, markdown or csv.")
    var format = Format.text

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, csv }

    private func overTraining(_ score: String, _ records: [Record]) throws -> Table {
        let names = StudyTable.scoreNames(of: records)
        guard names.contains(score) else {
            Console.say("error: unknown score '\(score)'\n  allowed: \(names.joined(separator: ", "))")
            throw ExitCode(64)
        }
        return StudyTable.overTraining(score, records)
    }

    func run() throws {
        let (records, unreadable) = try Exit.translating { try ResultsFolder("").records(of: folder) }
        for (path, reason) in unreadable { Console.say("warning: left out \(path): \(reason)") }
        guard !records.isEmpty else {
            Console.say("error: \(folder): no record of a run is there")
            throw Exit.missingInput
        }
        let table = try score.map { try overTraining($0, records) } ?? StudyTable(records).table
        switch format {
        case .text: Console.give(table)
        case .markdown: Console.give(table.markdown)
        case .csv: Console.give(table.csv)
        }
    }
}
