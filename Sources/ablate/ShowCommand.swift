import ArgumentParser
import Foundation
import Reporting
import Results
import Study

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show the table of a study again, with the results of its claims.",
        discussion: "Reads its folder of results only. CSV has the table alone: --claims prints the claims.")

    @Argument(help: "The folder of a study's results.", completion: .directory)
    var folder: String

    @Option(
        name: .customLong("over-training"),
        help: "One score at each measurement of the training, such as frechetDistance.")
    var score: String?

    @Option(
        name: .customLong("over-budget"),
        help: "The results of searches at each budget of evaluations: searchScore or searchDistance.")
    var searchScore: String?

    @Flag(help: "The drift of students from the teacher's path, by duration.")
    var drift = false

    @Flag(help: "The claims alone.")
    var claims = false

    @Flag(help: "Show every score that was measured.")
    var all = false

    @Option(help: "The columns to show: scores and facts, such as teacher,frechetDistance,recall@4,cost.")
    var columns: String?

    @OptionGroup var arms: ArmOptions

    @Option(help: "The format of the tables.")
    var format = TableFormat.text

    func validate() throws {
        let views = [
            ("--over-training", score != nil), ("--over-budget", searchScore != nil), ("--drift", drift),
            ("--claims", claims), ("--all", all), ("--columns", columns != nil),
        ].filter(\.1).map(\.0)
        guard views.count < 2 else { throw ValidationError("\(views[0]) and \(views[1]) exclude each other") }
        let isOther = score != nil || searchScore != nil || drift || claims
        if isOther, arms.isGiven {
            throw ValidationError("--sort, --top and --where belong to the table of arms")
        }
    }

    private func table(of records: [Record]) throws -> Table {
        if let score {
            try ArmOptions.check([score], "score", among: StudyTable.scoreNames(of: records))
            return StudyTable.overTraining(score, records)
        }
        if let searchScore {
            try ArmOptions.check([searchScore], "score of searches", among: StudyTable.searchScoreNames(of: records))
            return StudyTable.overBudgets(searchScore, records)
        }
        if let sort = arms.sort { try ArmOptions.check([sort], "score", among: StudyTable.scoreNames(of: records)) }
        // For programs nothing is left out.
        guard let columns else {
            return StudyTable(
                records, scores: all || isForPrograms ? .all : .chosen(in: folder), sort: arms.sort, top: arms.top
            )
            .table
        }
        let names = columns.split(separator: ",").map { String($0).trimmingCharacters(in: .whitespaces) }
        try ArmOptions.check(names, "column", among: StudyTable.columnNames(of: records))
        return StudyTable(records, scores: .named(names), sort: arms.sort, top: arms.top).table
    }

    private var isForPrograms: Bool { format == .csv || format == .json }

    /// The requested tables, at least one.
    private func tables(of study: StudyResults) throws -> [Table] {
        let claimResults = study.claimResults.isEmpty ? nil : ClaimResult.table(study.claimResults)
        if drift {
            guard let table = StudyTable.drift(study.records) else { throw Exit.noDrift(folder) }
            return [table]
        }
        if claims {
            guard let claimResults else {
                Console.say("error: \(folder): the study claims nothing")
                throw Exit.missingInput
            }
            return [claimResults]
        }
        let isWhole = score == nil && searchScore == nil && !isForPrograms
        return [try table(of: try arms.chosen(study.records))] + (isWhole ? [claimResults].compactMap { $0 } : [])
    }

    func run() throws {
        try Exit.translating {
            let study = try StudyResults.read(folder)
            for omission in study.leftOut { Console.say("warning: \(omission)") }
            for (index, table) in try tables(of: study).enumerated() {
                if index > 0, format != .text { Console.give("") }
                Console.give(table, as: format)
            }
        }
    }
}
