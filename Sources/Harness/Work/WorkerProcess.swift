import Foundation
import Subprocess
import Synchronization

/// A process that carries out one piece of work: begun first, told its order when there is one.
///
/// Its standard input stays open: the end of that tells the worker that nobody waits for it any more, or that there will be no
/// order. Workers are process groups of their own, so that Ctrl-C reaches them through the launcher only.
final class WorkerProcess: Sendable {
    struct Order: Sendable {
        /// A `WorkOrder` in JSON.
        let bytes: [UInt8]
        /// After which the process is ended; nil for no limit.
        let minutes: Double?
        let report: @Sendable (Worker.Notice) -> Void
    }

    struct Outcome: Sendable {
        let status: TerminationStatus
        /// What the worker said of the work, if it came to that.
        let ending: Ending?
        /// Lines of its standard error before it had a log.
        let errors: [String]
    }

    private let orders: AsyncStream<Order>.Continuation
    private let task: Task<Outcome, any Error>
    private let end = End()

    /// Bytes of standard error that are kept.
    private static let errorLimit = 1 << 16
    /// Seconds that a worker has for its last checkpoint.
    private static let graceSeconds = 20.0
    /// Seconds that a worker may be over its time before it is taken not to notice that itself.
    private static let overtimeSeconds = 30.0
    /// A worker's products have one thread; a library that knows from the start makes no others, which takes milliseconds.
    private static let environment = Environment.inherit.updating(["OPENBLAS_NUM_THREADS": "1"])

    private final class End: Sendable { let isReached = Mutex(false) }

    /// Begins the process.
    init(executable: String, arguments: [String], stop: StopRequest) {
        let (stream, orders) = AsyncStream<Order>.makeStream()
        self.orders = orders
        task = Task { [end] in
            defer { end.isReached.withLock { $0 = true } }
            return try await Self.run(executable, arguments, stream, stop)
        }
    }

    deinit { orders.finish() }

    /// Whether the process has ended, with or without an order, or could not be begun.
    var isOver: Bool { end.isReached.withLock { $0 } }

    /// Tells it what to do, once.
    func give(_ order: Order) {
        orders.yield(order)
        orders.finish()
    }

    /// How it ended, when it has.
    /// - Throws: what kept it from being begun or understood.
    var outcome: Outcome { get async throws { try await task.value } }

    private static func run(
        _ executable: String, _ arguments: [String], _ orders: AsyncStream<Order>, _ stop: StopRequest
    ) async throws -> Outcome {
        var platform = PlatformOptions()
        platform.processGroupID = 0
        let result = try await Subprocess.run(
            .path(.init(executable)), arguments: Arguments(arguments), environment: environment,
            platformOptions: platform, input: .inputWriter, output: .sequence, error: .string(limit: errorLimit)
        ) { execution -> Ending? in
            guard let order = await orders.first(where: { _ in true }) else { return nil }
            let process = execution.processIdentifier.value
            let token = stop.whenRequested { urgency in signal(process, urgency) }
            let watch = order.minutes.map { limit(process, $0) }
            defer {
                stop.forget(token)
                watch?.cancel()
            }
            _ = try await execution.standardInputWriter.write(order.bytes + [UInt8(ascii: "\n")])
            var ending: Ending?
            for try await line in execution.standardOutput.strings() {
                switch try JSONDecoder().decode(WorkReport.self, from: Data(line.utf8)) {
                case .notice(let notice): order.report(notice)
                case .ended(let end): ending = end
                }
            }
            return ending
        }
        return Outcome(
            status: result.terminationStatus, ending: result.closureResult,
            errors: result.standardError.split(separator: "\n").map(String.init))
    }

    /// Asks a worker to stop, and ends it when it does not.
    private static func signal(_ process: pid_t, _ urgency: StopRequest.Urgency) {
        guard urgency == .afterCheckpoint else {
            kill(process, SIGKILL)
            return
        }
        kill(process, SIGTERM)
        DispatchQueue.global().asyncAfter(deadline: .now() + graceSeconds) {
            // A worker that is gone is no child any more, so that its number cannot be another's.
            if isChild(process) { kill(process, SIGKILL) }
        }
    }

    /// Ends a run that hangs past its time.
    private static func limit(_ process: pid_t, _ minutes: Double) -> Task<Void, any Error> {
        Task {
            try await Task.sleep(for: .seconds(60 * minutes + overtimeSeconds))
            kill(process, SIGKILL)
        }
    }
}

/// Whether a process is a child of this one, and not over.
private func isChild(_ process: pid_t) -> Bool {
    // "123 (a name) S 45 …": the state and the parent stand behind the name, which may have spaces.
    let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 1 && fields[0] != "Z" && pid_t(fields[1]) == getpid()
}
