import ArgumentParser
import Foundation
import Reporting
import Results

struct GarbageCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gc",
        abstract: "List the runs that no study names any more and what was set aside, and remove them if told to.",
        discussion: "Removes nothing unless it is answered with y, or told --yes.")

    @Argument(help: "The folder of results.", completion: .directory)
    var folder = "results"

    @Flag(help: "Remove what is listed without asking.")
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
        for item in garbage { table.append([.count(item.bytes / 1000), .text(item.path), .text(item.reason.text)]) }
        Console.give(table)
        try Removal.offered(garbage.map(\.path), bytes: garbage.reduce(0) { $0 + $1.bytes }, isTold: yes, of: results)
    }
}

extension Garbage.Reason {
    fileprivate var text: String {
        switch self {
        case .unnamedRun: "not in the study"
        case .setAside: "set aside"
        case .unfinished: "unfinished"
        }
    }
}

/// Removal that asks first.
enum Removal {
    /// Removes the paths where the user says so; without a terminal to ask on, only where `isTold`.
    static func offered(_ paths: [String], bytes: Int, isTold: Bool, of results: ResultsFolder) throws {
        let size = "\(paths.count) \(paths.count == 1 ? "path" : "paths"), \(bytes / 1000) kB"
        guard isTold || isAnswered("Remove \(size)? [y/N] ") else {
            return Console.give("Nothing was removed: --yes removes \(size).")
        }
        try Exit.translating { try results.remove(paths) }
        Console.give("Removed \(size).")
    }

    private static func isAnswered(_ question: String) -> Bool {
        guard isatty(STDIN_FILENO) == 1 else { return false }
        _ = Terminal.Stream.error.write(question)
        return readLine()?.lowercased() == "y"
    }
}
