import ArgumentParser
import Harness

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the table of a study again, from its records alone.")

    @Argument(help: "The folder of a study's results.", completion: .directory)
    var folder: String

    @Option(help: "How the table is written: text, markdown or csv.")
    var format = Format.text

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, csv }

    func run() throws {
        let (records, unreadable) = try Exit.translating { try ResultsFolder("").records(of: folder) }
        for (path, reason) in unreadable { Console.say("warning: left out \(path): \(reason)") }
        guard !records.isEmpty else {
            Console.say("error: \(folder): no record of a run is there")
            throw Exit.missingInput
        }
        let table = StudyTable(records).table
        switch format {
        case .text: Console.give(table)
        case .markdown: Console.give(table.markdown)
        case .csv: Console.give(table.csv)
        }
    }
}
