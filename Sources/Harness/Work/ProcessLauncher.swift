import Foundation
import Subprocess
import Synchronization

/// Work in child processes of the same executable: a crash of one is that work's failure alone, and its memory is given back.
///
/// While a worker is at its work another is begun and waits for an order, since a process takes 20 ms until it can read one: a hundred
/// runs of two steps took 5.6 s instead of 7.8 one after the other. Where all cores are busy it makes no difference.
public struct ProcessLauncher: Launcher {
    private let supervision: Supervision
    private let stop: StopRequest
    private let reserve: Reserve

    /// From then on this process ignores SIGPIPE: a worker that dies before it has read its order is that work's failure alone.
    /// - Parameters:
    ///   - arguments: after which the executable reads a `WorkOrder` from standard input.
    ///   - stop: passed on to the workers, as SIGTERM.
    public init(
        executable: String, arguments: [String], supervision: Supervision = Supervision(),
        stop: StopRequest = StopRequest()
    ) {
        signal(SIGPIPE, SIG_IGN)
        (self.supervision, self.stop) = (supervision, stop)
        reserve = Reserve { WorkerProcess(executable: executable, arguments: arguments, stop: stop) }
    }

    public func launch(
        _ work: Work, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void
    ) async -> Ending {
        do {
            let log = results.log(work)
            try ResultsFolder.create(parentFolder(of: log))
            let start = (try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0
            let order = try JSONEncoder().encode(WorkOrder(work: work, results: results, supervision: supervision))
            let worker = reserve.next()
            worker.give(.init(bytes: [UInt8](order), minutes: minutes(of: work), report: report))
            reserve.fill()
            let outcome = try await worker.outcome
            if outcome.status.isSuccess, let ending = outcome.ending { return ending }
            if stop.isRequested { return .stopped }
            let said = WorkerLog.lines(log, from: start) + outcome.errors
            return .failed(Self.cause(outcome.status, said))
        } catch let error as FileError {
            return .obstructed("\(error)")
        } catch {
            return stop.isRequested ? .stopped : .failed("\(error)")
        }
    }

    /// That a run may take.
    private func minutes(of work: Work) -> Double? {
        if case .run = work { supervision.limits?.minutes } else { nil }
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

/// Where a worker waits that has no order yet.
private final class Reserve: Sendable {
    private let begin: @Sendable () -> WorkerProcess
    private let waiting = Mutex<WorkerProcess?>(nil)

    init(_ begin: @escaping @Sendable () -> WorkerProcess) { self.begin = begin }

    /// One that waits, or a new one.
    func next() -> WorkerProcess {
        let worker = waiting.withLock { worker in
            defer { worker = nil }
            return worker
        }
        return worker.flatMap { $0.isOver ? nil : $0 } ?? begin()
    }

    func fill() { waiting.withLock { if $0 == nil { $0 = begin() } } }
}
