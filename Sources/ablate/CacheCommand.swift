import ArgumentParser
import Foundation
import Reporting
import Results
import Specification

struct CacheCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cache",
        abstract:
            "List, verify or prune what studies share: teachers, classifiers, reference samples, trainings, decoded pictures.",
        subcommands: [List.self, Verify.self, Prune.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the products, with the number of records that use each.")
        @OptionGroup var results: ResultsOption

        func run() throws { Console.give(CacheCommand.table(results.folder.cacheEntries())) }
    }

    struct Verify: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Read every file of the cache and every record, and compare each with the checksum it was sealed with.",
            discussion: "The exit code is 1 where a file is damaged; the next run that needs it makes it again.")
        @OptionGroup var results: ResultsOption

        func run() throws {
            let entries = results.folder.cacheEntries(isUseCounted: false)
            var faults = 0
            for entry in entries {
                guard let fault = entry.fault(in: results.folder) else { continue }
                faults += 1
                Console.give("\(entry.path): \(fault)")
            }
            Console.give("\(entries.count - faults) of \(entries.count) files of the cache are whole.")
            let records = results.folder.recordFaults()
            for fault in records.faults { Console.give(fault.reason) }
            Console.give("\(records.count - records.faults.count) of \(records.count) records are whole.")
            if faults + records.faults.count > 0 { throw Exit.someFailed }
        }
    }

    struct Prune: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "List products that no record was made from and no study's plan needs, and remove them on request.",
            discussion: """
                Removes nothing without a confirmation or --yes; and nothing behind a link, as rerun --keep creates them: that \
                belongs to another folder of results.
                """)
        @OptionGroup var results: ResultsOption

        @Flag(help: "Remove without confirmation.")
        var yes = false

        func run() throws {
            let folder = results.folder, idle = folder.cacheEntries().filter(\.isIdle)
            for link in folder.cacheLinks() {
                Console.say("\(link.path): left alone, as it is a link to \(link.target)")
            }
            guard !idle.isEmpty else { return Console.give("Nothing of the cache is idle.") }
            Console.give(CacheCommand.table(idle))
            try Removal.offered(
                count: idle.flatMap(\.files).count, bytes: idle.reduce(0) { $0 + $1.bytes }, isConfirmed: yes
            ) { try folder.remove(idle) }
        }
    }

    private static func table(_ entries: [CacheEntry]) -> Table {
        var table = Table(columns: [
            .init("stage", alignment: .left), .init("identity", alignment: .left), .init("size", unit: "kB"),
            .init("changed", alignment: .left), .init("records"),
        ])
        for entry in entries {
            table.append([
                .text(entry.stage), .text(entry.name), .count(entry.bytes / 1000),
                .text(entry.changed.formatted(.iso8601)), .count(entry.users),
            ])
        }
        return table
    }
}
