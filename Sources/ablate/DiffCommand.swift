import ArgumentParser
import Foundation
import Reporting
import Results
import Specification

struct DiffCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "diff", abstract: "Say how two runs differ: in specification, in making and in what was measured.")

    @Argument(help: "A run's folder, or its record run.h5.", completion: .file(extensions: ["h5"]))
    var first: String

    @Argument(help: "Another.", completion: .file(extensions: ["h5"]))
    var second: String

    func run() throws {
        let records = try Exit.translating { try [first, second].map { try Record.read(RecordArgument.path($0)) } }
        let comparison = RecordDiff(records[0], records[1])
        Self.give("specification", comparison.fingerprint, same: "the same")
        Self.give("made by", comparison.facts, same: "the same versions and machine")
        Console.give(comparison.table)
        Console.give(comparison.verdict)
    }

    private static func give(_ title: String, _ differences: [Difference], same: String) {
        guard !differences.isEmpty else { return Console.give("\(title): \(same)") }
        Console.give(title)
        for difference in differences { Console.give("  \(difference)") }
    }
}

/// A run as the command line names it.
enum RecordArgument {
    /// The record in a folder, or the file itself.
    static func path(_ argument: String) -> String {
        var isFolder: ObjCBool = false
        guard FileManager.default.fileExists(atPath: argument, isDirectory: &isFolder), isFolder.boolValue else {
            return argument
        }
        return argument.hasSuffix("/") ? "\(argument)run.h5" : "\(argument)/run.h5"
    }
}

extension RecordDiff {
    /// The last scores side by side.
    var table: Table {
        var table = Table(columns: [
            .init("score", alignment: .left), .init("first"), .init("second"), .init("difference"),
        ])
        func cell(_ value: Double?) -> Table.Cell { value.map { .number($0, digits: 6) } ?? .missing }
        for score in scores {
            let gap = score.first.flatMap { first in score.second.map { $0 - first } }
            table.append([.text(score.name), cell(score.first), cell(score.second), cell(gap)])
        }
        return table
    }

    /// Whether all that was measured is the same in every bit, or what is not.
    var verdict: String {
        isBitwiseSame
            ? "Everything measured is bitwise the same."
            : (["These differ:"] + measured.map { "  \($0)" }).joined(separator: "\n")
    }
}
