import ArgumentParser
import Execution
import Foundation
import Study

/// The command of a batch system's job: it executes the stage in one line of a file.
struct TaskCommand: ParsableCommand {
    static let name = "task"
    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Execute one stage of a file (submitted by run).", shouldDisplay: false)

    @Argument var orders: String
    @Argument var index: Int

    func run() throws {
        let order = try Exit.translating { try WorkerRequest.read(orders, line: index) }
        Console.tell("\(order.stage.title): begun by process \(ProcessInfo.processInfo.processIdentifier)")
        WorkerLog.takeStandardError(order.log)
        let stop = StopRequest()
        let interruption = Interruption(stop, signals: [SIGTERM, SIGINT])
        let stageResult = withExtendedLifetime(interruption) {
            // A run's training is part of its job, which so needs no job of its own in the queue.
            let training = order.training?.result(stop: stop) ?? .done
            return training == .done ? order.result(stop: stop) : training
        }
        WorkerLog.note("\(order.stage.title): \(stageResult.text)")
        Console.tell("\(order.stage.title): \(stageResult.text)")
        // What waits for this job begins only where it left its product.
        switch stageResult {
        case .done, .diverged: return
        case .failed: throw Exit.someFailed
        case .obstructed: throw Exit.cannotWrite
        case .stopped: throw Exit.interrupted
        }
    }
}
