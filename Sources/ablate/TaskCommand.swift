import ArgumentParser
import Execution
import Foundation
import Study

/// What a job of a batch system runs: the piece of work in one line of a file.
struct TaskCommand: ParsableCommand {
    static let name = "task"
    static let configuration = CommandConfiguration(
        commandName: name, abstract: "Carry out one piece of work of a file (submitted by run).", shouldDisplay: false)

    @Argument var orders: String
    @Argument var index: Int

    func run() throws {
        let order = try Exit.translating { try WorkerRequest.read(orders, line: index) }
        Console.tell("\(order.stage.title): begun by process \(ProcessInfo.processInfo.processIdentifier)")
        WorkerLog.takeStandardError(order.log)
        let stop = StopRequest()
        let interruption = Interruption(stop, signals: [SIGTERM, SIGINT])
        let stageResult = withExtendedLifetime(interruption) {
            Worker(results: order.results, on: Ablate.backend, workerOptions: order.workerOptions, stop: stop) {
                $0.keepProfile(of: order.stage, in: order.results)
            }.carryOut(order.stage)
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
