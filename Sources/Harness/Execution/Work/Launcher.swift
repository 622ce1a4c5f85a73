import Results
import Study
import Tensors

/// Where work is carried out: in this process, in others, on a cluster.
public protocol Launcher: Sendable {
    /// Carries out one piece of work whose needs are there, and returns when it is over.
    func launch(_ stage: Stage, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void) async
        -> StageResult
}

/// Work in this process, one piece at a time.
public struct LocalLauncher: Launcher {
    private let backend: any Backend
    private let workerOptions: WorkerOptions
    private let stop: StopRequest

    /// - Parameter backend: the backend on which the work is computed.
    public init(
        on backend: any Backend, workerOptions: WorkerOptions = WorkerOptions(), stop: StopRequest = StopRequest()
    ) {
        (self.backend, self.workerOptions, self.stop) = (backend, workerOptions, stop)
    }

    public func launch(
        _ stage: Stage, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void
    ) async -> StageResult {
        Worker(results: results, on: backend, workerOptions: workerOptions, stop: stop, report: report).carryOut(stage)
    }
}

/// What a worker host is told on standard input, a line of JSON each.
package struct WorkerRequest: Codable, Sendable {
    package let stage: Stage
    package let results: ResultsFolder
    package let workerOptions: WorkerOptions

    package init(stage: Stage, results: ResultsFolder, workerOptions: WorkerOptions) {
        (self.stage, self.results, self.workerOptions) = (stage, results, workerOptions)
    }

    /// Where the worker is to put what it says on standard error.
    package var log: String { results.log(stage) }
}

/// What a worker and its host say on standard output, a line of JSON each.
package enum WorkerEvent: Codable, Sendable {
    /// The worker lives, whatever it is doing.
    case alive
    case notice(Worker.Notice)
    case ended(StageResult)
    /// The worker's process has ended, and its host waits for the next order.
    case over(ProcessEnd)
}
