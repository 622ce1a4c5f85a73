import ArgumentParser
import Foundation
import Harness

/// What `run` starts other processes with: one piece of work, told in the first line of standard input.
///
/// SIGTERM asks for a checkpoint and an end, and so does the end of standard input: whoever told the work is gone.
struct WorkCommand: ParsableCommand {
    static let name = "work"
    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Carry out one piece of work (started by run).", shouldDisplay: false)

    func run() throws {
        guard let line = readLine() else { throw ValidationError("no work is told on standard input") }
        let order = try JSONDecoder().decode(WorkOrder.self, from: Data(line.utf8))
        WorkerLog.takeStandardError(order.log)
        // Whoever started this may be gone; the last checkpoint matters more than telling of it.
        signal(SIGPIPE, SIG_IGN)
        let stop = StopRequest()
        let interruption = Interruption(stop, signals: [SIGTERM, SIGINT])
        Thread {
            while readLine() != nil {}
            stop.request()
        }.start()
        let worker = Worker(results: order.results, supervision: order.supervision, stop: stop) {
            Self.tell(.notice($0))
        }
        let ending = withExtendedLifetime(interruption) { worker.carryOut(order.work) }
        WorkerLog.note("\(order.work.title): \(ending.text)")
        Self.tell(.ended(ending))
    }

    private static func tell(_ report: WorkReport) {
        guard let line = try? JSONEncoder().encode(report) else { return }
        Console.give(String(decoding: line, as: UTF8.self))
    }
}

extension Ending {
    /// For people: "done", "failed: …".
    var text: String {
        switch self {
        case .done: "done"
        case .diverged(let cause): "diverged: \(cause)"
        case .failed(let cause): "failed: \(cause)"
        case .obstructed(let cause): "not done: \(cause)"
        case .stopped: "stopped"
        }
    }
}
