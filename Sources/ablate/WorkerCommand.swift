import ArgumentParser
import Execution
import Foundation
import Study

/// A fork server that `run` starts for each stage at a time: it executes the requests on its standard input one after
/// the other, each in a fork of itself.
///
/// SIGTERM requests a checkpoint and an end from a worker, and so does the end of standard input, which means that
/// the launcher is gone. The server leaves signals to its worker, which would end with it: a batch system sends them
/// to all processes of a job.
struct WorkerCommand: ParsableCommand {
    static let name = "work"
    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Execute stages (started by run).", shouldDisplay: false)

    private static let stopping = [SIGTERM, SIGINT]

    func run() throws {
        for number in Self.stopping { signal(number, SIG_IGN) }
        ProcessSetup.takePriorityOfParent()
        Self.rehearse()
        while let line = readLine() {
            let order = try JSONDecoder().decode(WorkerRequest.self, from: Data(line.utf8))
            do { Self.send(.over(try ForkedChild.run { Self.carryOut(order) })) } catch {
                Self.send(.ended(.obstructed("\(error)")))
                Self.send(.over(.exited(0)))
            }
        }
    }

    /// Runs code that takes a process a millisecond the first time, so that its forks need not.
    private static func rehearse() {
        _ = Date().formatted(.iso8601)
        for report in [WorkerEvent.notice(.resumed(step: 0, steps: 1)), .ended(.done)] { _ = text(report) }
    }

    private static func carryOut(_ order: WorkerRequest) -> Never {
        WorkerLog.takeStandardError(order.log)
        // The launcher may be gone; the last checkpoint matters more than reporting it.
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
                send(.alive)
            }
        }.start()
        let stageResult = order.result(stop: stop) { send(.notice($0)) }
        WorkerLog.note("\(order.stage.title): \(stageResult.text)")
        send(.ended(stageResult))
        // All is written, and the libraries' tidying up takes milliseconds.
        withExtendedLifetime(interruption) { _exit(0) }
    }

    private static func send(_ report: WorkerEvent) { if let text = text(report) { Console.tell(text) } }

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
