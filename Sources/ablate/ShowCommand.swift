import ArgumentParser
import Foundation
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

    @Flag(help: "Show every score that was measured.")
    var all = false

    @Option(help: "The columns to show: scores and facts, such as teacher,frechetDistance,recall@4,cost.")
    var columns: String?

    @Option(help: "How the table is written: text, markdown or csv.")
    var format = Format.text

    enum Format: String, ExpressibleByArgument, CaseIterable { case text, markdown, csv }

    func validate() throws {
        if all, columns != nil { throw ValidationError("--all and --columns exclude each other") }
        if score != nil, all || columns != nil {
            throw ValidationError("--over-training shows one score: neither --all nor --columns goes with it")
        }
    }

    private func check(_ scores: [String], _ kind: String, among names: [String]) throws {
        for score in scores where !names.contains(score) {
            Console.say("error: unknown \(kind) '\(score)'\n  allowed: \(names.joined(separator: ", "))")
            throw ExitCode(64)
        }
    }

    private func table(of records: [Record]) throws -> Table {
        if let score {
            try check([score], "score", among: StudyTable.scoreNames(of: records))
            return StudyTable.overTraining(score, records)
        }
        // For programs nothing is left out.
        guard let columns else {
            return StudyTable(records, scores: all || format == .csv ? .all : .asked(in: folder)).table
        }
        let names = columns.split(separator: ",").map { String($0).trimmingCharacters(in: .whitespaces) }
        try check(names, "column", among: StudyTable.columnNames(of: records))
        return StudyTable(records, scores: .named(names)).table
    }

    func run() throws {
        let (all, unreadable) = try Exit.translating { try ResultsFolder("").records(of: folder) }
        for (path, reason) in unreadable { Console.say("warning: left out \(path): \(reason)") }
        let named = ResultsFolder(folder).namedPoints(of: ".")
        let records = all.filter { named?.contains($0.run.point) ?? true }
        for record in all where named?.contains(record.run.point) == false {
            Console.say("\(record.run.point): not in the study, and left out")
        }
        guard !records.isEmpty else {
            Console.say("error: \(folder): no record of a run is there")
            throw Exit.missingInput
        }
        let table = try table(of: records)
        switch format {
        case .text: Console.give(table)
        case .markdown: Console.give(table.markdown)
        case .csv: Console.give(table.csv)
        }
    }
}
