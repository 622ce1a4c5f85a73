import ArgumentParser
import Execution
import Foundation
import Study

/// What `run` starts for each thing that it does at a time: a host that carries out the orders on its standard input one after the
/// other, each in a copy of itself.
///
/// SIGTERM asks a worker for a checkpoint and an end, and so does the end of standard input: whoever told the work is gone. The host
/// leaves signals to its worker, which would end with it: a batch system sends them to all processes of a job.
struct WorkerCommand: ParsableCommand {
    static let name = "work"
    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Carry out pieces of work (started by run).", shouldDisplay: false)

    private static let stopping = [SIGTERM, SIGINT]

    func run() throws {
        for number in Self.stopping { signal(number, SIG_IGN) }
        Self.rehearse()
        while let line = readLine() {
            let order = try JSONDecoder().decode(WorkerRequest.self, from: Data(line.utf8))
            do { Self.tell(.over(try ForkedChild.run { Self.carryOut(order) })) } catch {
                Self.tell(.ended(.obstructed("\(error)")))
                Self.tell(.over(.exited(0)))
            }
        }
    }

    /// Does what takes a process a millisecond the first time it does it, and each of its copies none.
    private static func rehearse() {
        _ = Date().formatted(.iso8601)
        for report in [WorkerEvent.notice(.resumed(step: 0, steps: 1)), .ended(.done)] { _ = text(report) }
    }

    private static func carryOut(_ order: WorkerRequest) -> Never {
        WorkerLog.takeStandardError(order.log)
        // Whoever started this may be gone; the last checkpoint matters more than telling of it.
        signal(SIGPIPE, SIG_IGN)
        let stop = StopRequest()
        let interruption = Interruption(stop, signals: stopping)
        Thread {
            while readLine() != nil {}
            stop.request()
        }.start()
        // By a thread of its own: a step of a large network takes longer than anybody waits.
        Thread {
            while true {
                Thread.sleep(forTimeInterval: StageLock.pulseSeconds)
                tell(.alive)
            }
        }.start()
        let worker = Worker(
            results: order.results, on: Ablate.backend, workerOptions: order.workerOptions, stop: stop
        ) { notice in
            notice.keepProfile(of: order.stage, in: order.results)
            tell(.notice(notice))
        }
        let stageResult = worker.carryOut(order.stage)
        WorkerLog.note("\(order.stage.title): \(stageResult.text)")
        tell(.ended(stageResult))
        // All is written, and the libraries' tidying up takes milliseconds.
        withExtendedLifetime(interruption) { _exit(0) }
    }

    private static func tell(_ report: WorkerEvent) { if let text = text(report) { Console.tell(text) } }

    private static func text(_ report: WorkerEvent) -> String? {
        (try? JSONEncoder().encode(report)).map { String(decoding: $0, as: UTF8.self) }
    }
}

extension StageResult {
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
