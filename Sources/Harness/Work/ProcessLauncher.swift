import Foundation
import Subprocess

/// Work in child processes of the same executable: a crash of one is that work's failure alone, and its memory is given back.
///
/// A worker's standard input stays open: its end tells the worker that nobody waits for it any more. Workers are process groups
/// of their own, so that Ctrl-C reaches them through the launcher only.
public struct ProcessLauncher: Launcher {
    private let executable: String
    private let arguments: [String]
    private let supervision: Supervision
    private let stop: StopRequest

    /// From then on this process ignores SIGPIPE: a worker that dies before it has read its order is that work's failure alone.
    /// - Parameters:
    ///   - arguments: after which the executable reads a `WorkOrder` from standard input.
    ///   - stop: passed on to the workers, as SIGTERM.
    public init(
        executable: String, arguments: [String], supervision: Supervision = Supervision(),
        stop: StopRequest = StopRequest()
    ) {
        Foundation.signal(SIGPIPE, SIG_IGN)
        (self.executable, self.arguments) = (executable, arguments)
        (self.supervision, self.stop) = (supervision, stop)
    }

    /// Bytes of standard error that are kept of a worker which has not come to know its log.
    private static let errorLimit = 1 << 16
    /// Seconds that a worker has for its last checkpoint.
    private static let graceSeconds = 20.0
    /// Seconds that a worker may be over its time before it is taken not to notice that itself.
    private static let overtimeSeconds = 30.0
    /// A worker's products have one thread; a library that knows from the start makes no others, which takes milliseconds.
    private static let environment = Environment.inherit.updating(["OPENBLAS_NUM_THREADS": "1"])

    public func launch(
        _ work: Work, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void
    ) async -> Ending {
        do {
            let log = results.log(work)
            try ResultsFolder.create(parentFolder(of: log))
            let start = (try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0
            let order = try JSONEncoder().encode(WorkOrder(work: work, results: results, supervision: supervision))
            var platform = PlatformOptions()
            platform.processGroupID = 0
            let result = try await Subprocess.run(
                .path(.init(executable)), arguments: Arguments(arguments), environment: Self.environment,
                platformOptions: platform,
                input: .inputWriter, output: .sequence, error: .string(limit: Self.errorLimit)
            ) { supervision in
                let process = supervision.processIdentifier.value
                let token = stop.whenRequested { urgency in signal(process, urgency) }
                let watch = limit(work, process)
                defer {
                    stop.forget(token)
                    watch?.cancel()
                }
                _ = try await supervision.standardInputWriter.write([UInt8](order) + [UInt8(ascii: "\n")])
                var ending: Ending?
                for try await line in supervision.standardOutput.strings() {
                    switch try JSONDecoder().decode(WorkReport.self, from: Data(line.utf8)) {
                    case .notice(let notice): report(notice)
                    case .ended(let end): ending = end
                    }
                }
                return ending
            }
            if result.terminationStatus.isSuccess, let ending = result.closureResult { return ending }
            if stop.isRequested { return .stopped }
            let said =
                WorkerLog.lines(log, from: start) + result.standardError.split(separator: "\n").map(String.init)
            return .failed(Self.cause(result.terminationStatus, said))
        } catch let error as FileError {
            return .obstructed("\(error)")
        } catch {
            return stop.isRequested ? .stopped : .failed("\(error)")
        }
    }

    /// Asks a worker to stop, and ends it when it does not.
    private func signal(_ process: pid_t, _ urgency: StopRequest.Urgency) {
        guard urgency == .afterCheckpoint else {
            kill(process, SIGKILL)
            return
        }
        kill(process, SIGTERM)
        DispatchQueue.global().asyncAfter(deadline: .now() + Self.graceSeconds) {
            // A worker that is gone is no child any more, so that its number cannot be another's.
            if isChild(process) { kill(process, SIGKILL) }
        }
    }

    /// Ends a run that hangs past its time.
    private func limit(_ work: Work, _ process: pid_t) -> Task<Void, any Error>? {
        guard case .run = work, let minutes = supervision.limits?.minutes else { return nil }
        return Task {
            try await Task.sleep(for: .seconds(60 * minutes + Self.overtimeSeconds))
            kill(process, SIGKILL)
        }
    }

    private static func cause(_ status: TerminationStatus, _ lines: [String]) -> String {
        // What a process says when it fails is at the end; when it crashes, a long trace comes behind it.
        let (how, telling) =
            switch status {
            case .exited(let code): ("the worker ended with \(code)", lines.suffix(3))
            case .signaled(let signal): ("the worker was ended by signal \(signal)", lines.prefix(2))
            }
        return telling.isEmpty ? how : "\(how): \(telling.joined(separator: " / "))"
    }
}

/// Whether a process is a child of this one, and not over.
private func isChild(_ process: pid_t) -> Bool {
    // "123 (a name) S 45 …": the state and the parent stand behind the name, which may have spaces.
    let text = (try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)) ?? ""
    let fields = text.split(separator: ")").last?.split(separator: " ") ?? []
    return fields.count > 1 && fields[0] != "Z" && pid_t(fields[1]) == getpid()
}
