import Results
import Study
import Tensors

/// A place where stages are executed: this process, others, a cluster.
public protocol Launcher: Sendable {
    /// Executes one stage whose needs are there, and returns when it is over.
    func launch(_ stage: Stage, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void) async
        -> StageResult
}

/// Executes stages in this process, one at a time.
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

    /// Executes a stage in this process.
    public func launch(
        _ stage: Stage, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void
    ) async -> StageResult {
        Worker(results: results, on: backend, workerOptions: workerOptions, stop: stop, report: report).carryOut(stage)
    }
}

/// A request to a worker, a line of JSON on the fork server's standard input.
package struct WorkerRequest: Codable, Sendable {
    package let stage: Stage
    package let results: ResultsFolder
    package let workerOptions: WorkerOptions

    package init(stage: Stage, results: ResultsFolder, workerOptions: WorkerOptions) {
        (self.stage, self.results, self.workerOptions) = (stage, results, workerOptions)
    }

    /// The file for the worker's standard error.
    package var log: String { results.log(stage) }
}

/// An event of a worker or its fork server, a line of JSON on standard output.
package enum WorkerEvent: Codable, Sendable {
    /// The worker lives, whatever it is doing.
    case alive
    case notice(Worker.Notice)
    case ended(StageResult)
    /// The worker's process has ended, and its server waits for the next request.
    case over(ProcessEnd)
}
