import Foundation
import Subprocess
import Synchronization

/// A process that executes requests one after the other, each in a fork of itself, so that a program's start of 20 ms
/// is paid once.
///
/// Its standard input stays open: its end means to the worker, and then to the server, that the launcher is gone. The
/// two are a process group, so that Ctrl-C reaches them through the launcher only and one signal ends both.
final class ForkServer: Sendable {
    struct Order: Sendable {
        /// A `WorkerRequest` in JSON.
        let bytes: [UInt8]
        /// Seconds after which server and worker are killed; nil for no limit.
        let seconds: Double?
        /// Seconds without a line from the worker after which it is ended with its host; 0 for never.
        var silence = 0.0
        let report: @Sendable (Worker.Notice) -> Void
    }

    struct Outcome: Sendable {
        /// The end of the worker, or of the server where that has ended too.
        let end: ProcessEnd
        /// The worker's result, if it reported one.
        let stageResult: StageResult?
        /// Whether it was ended because it gave no sign of life.
        var isSilent = false
        /// The server's output on standard error until it ended.
        var errors = ""
    }

    private typealias Assignment = (order: Order, answer: CheckedContinuation<Outcome, any Error>)

    private let assignments: AsyncStream<Assignment>.Continuation
    private let process = ProcessNumber()

    /// Bytes of standard error that are kept.
    private static let errorLimit = 1 << 16
    /// The environment of the server. A worker's products have one thread; a library that knows this from the start
    /// creates no others, which saves milliseconds and lets the server fork. All symbols are resolved once, which
    /// takes the server 4 ms; each worker took 2 to 4.
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

    /// The server can take another request.
    var isAlive: Bool { process.value.withLock { $0.map(isChild) ?? false } }

    /// Carries out one order; one at a time.
    /// - Throws: the error that keeps the server from starting or from being understood.
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
    /// - Throws: the error that keeps it from starting or from being understood, after it was passed to the waiting
    ///   caller.
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
    /// - Returns: the assignment that the server left unfinished, and the worker's result.
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

    /// Requests an end of the stage, and kills server and worker when it does not come.
    private static func end(_ host: Process, _ urgency: StopRequest.Urgency) {
        let process = host.processIdentifier.value
        guard urgency == .afterCheckpoint else { return killGroup(process) }
        Task { try await host.standardInputWriter.finish() }
        DispatchQueue.global().asyncAfter(deadline: .now() + graceSeconds) { killGroup(process) }
    }

    /// Kills a stage that exceeds its time.
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

/// Kills a child of this process that leads a process group, with its group. A process that is gone is not a child any more, so its number
/// cannot be another's.
private func killGroup(_ process: pid_t) { if isChild(process) { kill(-process, SIGKILL) } }

/// A process is a child of this one and still runs.
private func isChild(_ process: pid_t) -> Bool {
    // "123 (a name) S 45 …": state and parent follow the name, which may contain spaces.
    let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 1 && fields[0] != "Z" && pid_t(fields[1]) == getpid()
}
