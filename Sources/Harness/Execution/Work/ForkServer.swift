import Foundation
import Subprocess
import Synchronization

/// A process that carries out orders one after the other, each in a copy of itself, so that the 20 ms of a program's start are paid
/// once.
///
/// Its standard input stays open: the end of that tells the worker that nobody waits for it any more, and then the host. The two are
/// a process group, so that Ctrl-C reaches them through the launcher only and one signal ends both.
final class ForkServer: Sendable {
    struct Order: Sendable {
        /// A `WorkerRequest` in JSON.
        let bytes: [UInt8]
        /// After which host and worker are ended; nil for no limit.
        let seconds: Double?
        /// Seconds without a line from the worker after which it is ended with its host; 0 for never.
        var silence = 0.0
        let report: @Sendable (Worker.Notice) -> Void
    }

    struct Outcome: Sendable {
        /// Of the worker, or of the host where that has ended too.
        let end: ProcessEnd
        /// What the worker said of the work, if it came to that.
        let stageResult: StageResult?
        /// Whether it was ended for it gave no sign of life.
        var isSilent = false
        /// What the host said on standard error until it ended.
        var errors = ""
    }

    private typealias Assignment = (order: Order, answer: CheckedContinuation<Outcome, any Error>)

    private let assignments: AsyncStream<Assignment>.Continuation
    private let process = ProcessNumber()

    /// Bytes of standard error that are kept.
    private static let errorLimit = 1 << 16
    /// A worker's products have one thread; a library that knows from the start makes no others, which takes milliseconds and would
    /// keep the host from copying itself. All symbols are looked up once, which takes the host 4 ms; each worker took 2 to 4.
    private static let environment = Environment.inherit.updating(["OPENBLAS_NUM_THREADS": "1", "LD_BIND_NOW": "1"])

    /// Begins the process.
    /// - Parameter stop: passed on to the worker as the end of its input.
    init(executable: String, arguments: [String], stop: StopRequest) {
        let (stream, assignments) = AsyncStream<Assignment>.makeStream()
        self.assignments = assignments
        Task { [process] in
            var reason: any Error = ProcessError("the host has ended")
            do { try await Self.live(.path(.init(executable)), Arguments(arguments), stream, stop, process) } catch {
                reason = error
            }
            assignments.finish()
            for await (_, answer) in stream { answer.resume(throwing: reason) }
        }
    }

    deinit { assignments.finish() }

    /// Whether it can be given another order.
    var isAlive: Bool { process.value.withLock { $0.map(isChild) ?? false } }

    /// Carries out one order; one at a time.
    /// - Throws: what keeps the host from being begun or understood.
    func carryOut(_ order: Order) async throws -> Outcome {
        try await withCheckedThrowingContinuation { answer in
            if case .terminated = assignments.yield((order, answer)) {
                answer.resume(throwing: ProcessError("the host has ended"))
            }
        }
    }
}

extension ForkServer {
    private typealias Process = Execution<CustomWriteInput, SequenceOutput, StringOutput<UTF8>>

    /// What the end of a host has left undone.
    private typealias Remainder = (assignment: Assignment, stageResult: StageResult?, isSilent: Bool)

    /// Seconds that a worker has for its last checkpoint.
    private static let graceSeconds = 20.0

    /// The process from its beginning to its end.
    /// - Throws: what keeps it from being begun or understood; whoever has been waiting then has been told.
    private static func live(
        _ executable: Executable, _ arguments: Arguments, _ assignments: AsyncStream<Assignment>, _ stop: StopRequest,
        _ process: ProcessNumber
    ) async throws {
        var platform = PlatformOptions()
        platform.processGroupID = 0
        var left: Remainder?
        do {
            let result = try await Subprocess.run(
                executable, arguments: arguments, environment: environment, platformOptions: platform,
                input: .inputWriter, output: .sequence, error: .string(limit: errorLimit)
            ) { host in
                process.value.withLock { $0 = host.processIdentifier.value }
                left = try await serve(assignments, host, stop)
            }
            let end = ProcessEnd(result.terminationStatus)
            left?.assignment.answer.resume(
                returning: Outcome(
                    end: end, stageResult: left?.stageResult, isSilent: left?.isSilent ?? false,
                    errors: result.standardError))
        } catch {
            left?.assignment.answer.resume(throwing: error)
            throw error
        }
    }

    /// Carries out one assignment after the other.
    /// - Returns: the one that the host has left by its end, and what the worker said.
    private static func serve(
        _ assignments: AsyncStream<Assignment>, _ host: Process, _ stop: StopRequest
    ) async throws -> Remainder? {
        var lines = host.standardOutput.strings().makeAsyncIterator()
        for await assignment in assignments {
            let token = stop.whenRequested { end(host, $0) }
            let watch = assignment.order.seconds.map { limit(host, $0) }
            let silence = SilenceWatch(seconds: assignment.order.silence) { [process = host.processIdentifier.value] in
                killGroup(process)
            }
            defer {
                stop.forget(token)
                watch?.cancel()
                silence.end()
            }
            var stageResult: StageResult?, over: ProcessEnd?
            do {
                _ = try await host.standardInputWriter.write(assignment.order.bytes + [UInt8(ascii: "\n")])
                while over == nil, let line = try await lines.next() {
                    silence.heard()
                    switch try JSONDecoder().decode(WorkerEvent.self, from: Data(line.utf8)) {
                    case .alive: break
                    case .notice(let notice): assignment.order.report(notice)
                    case .ended(let said): stageResult = said
                    case .over(let end): over = end
                    }
                }
            } catch {
                assignment.answer.resume(throwing: error)
                throw error
            }
            guard let over else { return (assignment, stageResult, silence.isOver) }
            assignment.answer.resume(returning: Outcome(end: over, stageResult: stageResult))
        }
        return nil
    }

    /// Asks for an end of the work, and for that of host and worker when it does not come.
    private static func end(_ host: Process, _ urgency: StopRequest.Urgency) {
        let process = host.processIdentifier.value
        guard urgency == .afterCheckpoint else { return killGroup(process) }
        Task { try await host.standardInputWriter.finish() }
        DispatchQueue.global().asyncAfter(deadline: .now() + graceSeconds) { killGroup(process) }
    }

    /// Ends work that hangs past its time.
    private static func limit(_ host: Process, _ seconds: Double) -> Task<Void, any Error> {
        let process = host.processIdentifier.value
        return Task {
            try await Task.sleep(for: .seconds(seconds))
            killGroup(process)
        }
    }
}

/// The number of a process once it has begun.
private final class ProcessNumber: Sendable { let value = Mutex<pid_t?>(nil) }

/// Ends a child of this process that is a group's first, and its group. One that is gone is no child any more, so that its number
/// cannot be another's.
private func killGroup(_ process: pid_t) { if isChild(process) { kill(-process, SIGKILL) } }

/// Whether a process is a child of this one, and not over.
private func isChild(_ process: pid_t) -> Bool {
    // "123 (a name) S 45 …": the state and the parent stand behind the name, which may have spaces.
    let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 1 && fields[0] != "Z" && pid_t(fields[1]) == getpid()
}
