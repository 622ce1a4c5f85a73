import ArgumentParser
import Execution
import Foundation
import Reporting
import Results
import Specification

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Show the progress of a study, also while it runs.",
        discussion: """
            Reads the reports of the running processes; writes nothing. --watch shows it again every few seconds until nothing \
            runs any more, over the last one on a terminal.
            """)

    @Argument(help: "The folder of a study's results.", completion: .directory)
    var folder: String

    @Flag(help: "Show it again until nothing runs any more.")
    var watch = false

    @Option(help: "Seconds between two looks of --watch.")
    var every = 2.0

    /// An hour: whoever looks more rarely looks again by hand.
    private static let mostSeconds = 3600.0

    func validate() throws {
        guard (0.1...Self.mostSeconds).contains(every) else {
            throw ValidationError("--every is from 0.1 to \(Int(Self.mostSeconds)) seconds, not \(every)")
        }
    }

    func run() async throws {
        while try await show(), watch {
            try await Task.sleep(for: .seconds(every))
            // The terminal's own sequences: to the first line, and clear what is below.
            if Terminal.Stream.output.canRedraw(environment: Console.environment) { Console.put("\u{1B}[H\u{1B}[2J") }
        }
    }

    /// Prints it once.
    /// - Returns: whether something runs.
    private func show() async throws -> Bool {
        let folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let list = try Exit.translating { try StageList(of: folder) }
        let states = list.states(in: ResultsFolder(folder + "/..")), now = Date()
        Console.give(summary(list, states, now, diverged: list.diverged(states, in: ResultsFolder(folder + "/.."))))
        if let reason = list.lockFault(in: ResultsFolder(folder + "/..")) {
            Console.say("warning: the locks of this file system do not say who is at work: \(reason)")
        }
        let table = table(list, states, now)
        if !table.rows.isEmpty { Console.give(table) }
        try await showSlurm(folder)
        return states.contains { if case .running = $0 { true } else { false } }
    }

    /// Prints the study's tasks in Slurm, where it was submitted, or a warning where Slurm does not answer.
    private func showSlurm(_ folder: String) async throws {
        let jobs = SlurmJobs(of: folder)
        guard jobs.isKnown else { return }
        do {
            let states = try await jobs.states().map { "\($0.count) \($0.state.lowercased())" }
            Console.give("Slurm: " + (states.isEmpty ? "nothing in the queue" : states.joined(separator: ", ")))
        } catch {
            Console.say("warning: \(error)")
        }
    }

    private func summary(
        _ list: StageList, _ states: [StageList.State], _ now: Date, diverged: Int
    ) -> String {
        var done = 0, running = 0, failed = 0, waiting = 0
        for state in states {
            switch state {
            case .done: done += 1
            case .running: running += 1
            case .failed: failed += 1
            case .waiting: waiting += 1
            }
        }
        let counts = [(running, "running"), (failed, "failed"), (waiting, "to do")].filter { $0.0 > 0 }
        let text =
            (["\(done) of \(states.count) pieces of work done"]
            + (diverged > 0 ? ["\(diverged) of them diverged"] : []) + counts.map { "\($0.0) \($0.1)" })
            .joined(separator: ", ")
        return text
            + (list.secondsLeft(states, at: now).map { ", about \(NumberFormat.clock(seconds: $0)) left" } ?? "")
    }

    /// The stages that run and those that failed.
    private func table(_ list: StageList, _ states: [StageList.State], _ now: Date) -> Table {
        var table = Table(columns: [
            .init("work", alignment: .left), .init("step"), .init("of"), .init("rate", unit: "steps/s"),
            .init("left", alignment: .left), .init("last word", unit: "s ago"), .init("state", alignment: .left),
        ])
        for (item, state) in zip(list.items, states) {
            switch state {
            case .done, .waiting: continue
            case .failed(let cause):
                table.append([.text(item.title)] + Array(repeating: .missing, count: 5) + [.text("failed: \(cause)")])
            case .running(let owner, let lastSign) where StageList.isSilent(since: lastSign, at: now):
                table.append(silentRow(item, owner, now.timeIntervalSince(lastSign)))
            case .running(nil, _):
                table.append([.text(item.title)] + Array(repeating: .missing, count: 5) + [.text("beginning")])
            case .running(let owner?, _): table.append(row(item, owner, now))
            }
        }
        return table
    }

    /// One that has given no sign of life: its rate was that of another time.
    private func silentRow(
        _ item: StudyManifest.StageItem, _ owner: StageLock.Owner?, _ seconds: Double
    ) -> [Table.Cell] {
        let place = owner.map { ", process \($0.process) on \($0.host)" } ?? ""
        return [
            .text(item.title), owner.map { .count($0.step) } ?? .missing, owner.map { .count($0.steps) } ?? .missing,
            .missing, .missing, .count(Int(seconds)), .text("silent for \(Int(seconds)) s\(place)"),
        ]
    }

    private func row(
        _ item: StudyManifest.StageItem, _ owner: StageLock.Owner, _ now: Date
    ) -> [Table.Cell] {
        let age = Table.Cell.count(max(0, Int(now.timeIntervalSince(owner.lastReport))))
        let seconds = owner.lastReport.timeIntervalSince(owner.began)
        let rate = seconds > 0 ? Double(owner.step - owner.first) / seconds : 0
        let place = "process \(owner.process) on \(owner.host)"
        // All steps are done: the rest is to measure and to write, which has no steps.
        guard owner.step < owner.steps else {
            return [
                .text(item.title), .count(owner.step), .count(owner.steps), .missing, .missing, age,
                .text("finishing, \(place)"),
            ]
        }
        return [
            .text(item.title), .count(owner.step), .count(owner.steps),
            rate > 0 ? .number(rate, digits: 3) : .missing,
            rate > 0 ? .text(NumberFormat.clock(seconds: Double(owner.steps - owner.step) / rate)) : .missing,
            age, .text(owner.detail.isEmpty ? place : "\(owner.detail), \(place)"),
        ]
    }
}
