import ArgumentParser
import Foundation
import Reporting
import Results

struct GarbageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "List runs that no study names any more and files that were moved aside, and remove them on request.",
        discussion: """
            Removes nothing without a confirmation or --yes; and only files with names that ablate itself gives: \
            other files in the folder of a run stay.
            """)

    @Argument(help: "The folder of results.", completion: .directory)
    var folder = "results"

    @Flag(help: "Remove without confirmation.")
    var yes = false

    func run() throws {
        let results = ResultsFolder(folder)
        let (garbage, unlisted) = try Exit.translating { try results.garbage() }
        for study in unlisted {
            Console.say("\(study): left alone, as it has no list of its runs; ablate run writes one")
        }
        guard !garbage.isEmpty else { return Console.give("Nothing is left over.") }
        var table = Table(columns: [
            .init("size", unit: "kB"), .init("what", alignment: .left), .init("why", alignment: .left),
        ])
        for item in garbage { table.append([.count(item.bytes / 1000), .text(item.path), .text(item.why)]) }
        Console.give(table)
        try Removal.offered(count: garbage.count, bytes: garbage.reduce(0) { $0 + $1.bytes }, isConfirmed: yes) {
            try results.remove(garbage)
        }
    }
}

extension Garbage {
    fileprivate var why: String {
        kept.isEmpty ? reason.text : "\(reason.text); not removed: \(kept.joined(separator: ", "))"
    }
}

extension Garbage.Reason {
    fileprivate var text: String {
        switch self {
        case .unnamedRun: "not in the study"
        case .setAside: "set aside"
        case .unfinished: "unfinished"
        case .abandoned: "left by a program"
        }
    }
}

/// Removal after confirmation.
enum Removal {
    /// Calls `remove` if the user confirms; without a terminal to ask on, only if `isConfirmed`.
    static func offered(count: Int, bytes: Int, isConfirmed: Bool, _ remove: () throws -> Void) throws {
        let size = "\(count) \(count == 1 ? "path" : "paths"), \(bytes / 1000) kB"
        guard isConfirmed || isAnswered("Remove \(size)? [y/N] ") else {
            return Console.give("Nothing was removed: --yes removes \(size).")
        }
        try Exit.translating(remove)
        Console.give("Removed \(size).")
    }

    private static func isAnswered(_ question: String) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else { return false }
        _ = Terminal.Stream.error.write(question)
        return readLine()?.lowercased() == "y"
    }
}
