import ArgumentParser
import Foundation
import Harness

/// What `run` starts other processes with: one piece of work, told on standard input.
struct WorkCommand: ParsableCommand {
    static let name = "work"
    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Carry out one piece of work (started by run).", shouldDisplay: false)

    func run() throws {
        let order = try JSONDecoder().decode(WorkOrder.self, from: FileHandle.standardInput.readDataToEndOfFile())
        let worker = Worker(results: order.results) { Self.tell(.progress($0)) }
        try Exit.translating { Self.tell(.ended(try worker.carryOut(order.work))) }
    }

    private static func tell(_ report: WorkReport) {
        guard let line = try? JSONEncoder().encode(report) else { return }
        Console.give(String(decoding: line, as: UTF8.self))
    }
}
