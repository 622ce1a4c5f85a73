import Results
import Study
import Tensors

/// Where work is carried out: in this process, in others, on a cluster.
public protocol Launcher: Sendable {
    /// Carries out one piece of work whose needs are there, and returns when it is over.
    func launch(_ work: Work, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void) async
        -> Ending
}

/// Work in this process, one piece at a time.
public struct LocalLauncher: Launcher {
    private let backend: any Backend
    private let supervision: Supervision
    private let stop: StopRequest

    /// - Parameter backend: what the work is computed on.
    public init(
        on backend: any Backend, supervision: Supervision = Supervision(), stop: StopRequest = StopRequest()
    ) {
        (self.backend, self.supervision, self.stop) = (backend, supervision, stop)
    }

    public func launch(
        _ work: Work, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void
    ) async -> Ending {
        Worker(results: results, on: backend, supervision: supervision, stop: stop, report: report).carryOut(work)
    }
}

/// What a worker host is told on standard input, a line of JSON each.
package struct WorkOrder: Codable, Sendable {
    package let work: Work
    package let results: ResultsFolder
    package let supervision: Supervision

    package init(work: Work, results: ResultsFolder, supervision: Supervision) {
        (self.work, self.results, self.supervision) = (work, results, supervision)
    }

    /// Where the worker is to put what it says on standard error.
    package var log: String { results.log(work) }
}

/// What a worker and its host say on standard output, a line of JSON each.
package enum WorkReport: Codable, Sendable {
    case notice(Worker.Notice)
    case ended(Ending)
    /// The worker's process has ended, and its host waits for the next order.
    case over(ProcessEnd)
}
