import Foundation
import Results
import Specification
import Storage
import Study
import Subprocess
import Synchronization

/// Executes stages in child processes of the same executable: a crash fails one stage only, and its memory is
/// released.
///
/// There are as many fork servers as stages at a time; between stages a server waits for the next request.
package struct ProcessLauncher: Launcher {
    private let workerOptions: WorkerOptions
    private let stop: StopRequest
    private let hosts: ForkServers
    private let folders = KnownFolders()
    private let slots = WorkerSlots()

    /// Creates the launcher and ignores SIGPIPE from then on: a worker that dies before it has read its request fails
    /// one stage only.
    /// - Parameters:
    ///   - arguments: the arguments with which the executable reads `WorkerRequest`s from standard input.
    ///   - stop: passed on to the workers.
    package init(
        executable: String, arguments: [String], workerOptions: WorkerOptions = WorkerOptions(),
        stop: StopRequest = StopRequest()
    ) {
        signal(SIGPIPE, SIG_IGN)
        (self.workerOptions, self.stop) = (workerOptions, stop)
        hosts = ForkServers { ForkServer(executable: executable, arguments: arguments, stop: stop) }
    }

    /// Seconds by which a worker may exceed its limit before the launcher kills it.
    private static let overtimeSeconds = 30.0

    package func launch(
        _ stage: Stage, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void
    ) async -> StageResult {
        // One that fell silent is tried once more: a process may be stopped by mistake.
        for _ in 0..<Self.mostAttempts {
            let stageResult = await launchOnce(stage, in: results, report: report)
            if let stageResult { return stageResult }
            if stop.isRequested { return .stopped }
        }
        return .obstructed(
            "the worker gave no sign of life for \(NumberFormat.text(workerOptions.silenceSeconds)) s, "
                + "\(Self.mostAttempts) times; --silence tells how long that may be")
    }

    private static let mostAttempts = 2

    /// Nil where the worker was ended since it gave no sign of life.
    private func launchOnce(
        _ stage: Stage, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void
    ) async -> StageResult? {
        do {
            var workerOptions = workerOptions
            workerOptions.folder = try folders.node(of: results)
            let log = results.log(stage)
            try ResultsFolder.create(parentFolder(of: log))
            let start = (try? FileManager.default.attributesOfItem(atPath: log)[.size] as? Int) ?? 0
            let slot = slots.take()
            defer { slots.give(slot) }
            var options = workerOptions
            options.slot = slot
            let order = try JSONEncoder().encode(WorkerRequest(stage: stage, results: results, workerOptions: options))
            let host = hosts.next()
            let outcome = try await host.carryOut(
                .init(
                    bytes: [UInt8](order), seconds: seconds(stage), silence: workerOptions.silenceSeconds,
                    report: report))
            hosts.keep(host)
            if outcome.isSilent { return nil }
            if outcome.end == .exited(0), let stageResult = outcome.stageResult { return stageResult }
            if stop.isRequested { return .stopped }
            let said = WorkerLog.lines(log, from: start) + outcome.errors.split(separator: "\n").map(String.init)
            return .failed(outcome.end.cause(said))
        } catch let error as FileError {
            return .obstructed("\(error)")
        } catch let error as SubprocessError
            where [.spawnFailed, .failedToMonitorProcess, .asyncIOFailed].contains(error.code)
        {
            // The system gives no more processes or files: no fault of the work's own.
            return stop.isRequested ? .stopped : .obstructed("no process for the work: \(error)")
        } catch {
            return stop.isRequested ? .stopped : .failed("\(error)")
        }
    }

    /// Seconds after which a stage is killed; nil for none.
    private func seconds(_ stage: Stage) -> Double? {
        guard stage.isLimited, let minutes = workerOptions.limits?.minutes else { return nil }
        return 60 * minutes + Self.overtimeSeconds
    }
}

/// The folders of results as they were when work in them began.
private final class KnownFolders: Sendable {
    private let nodes = Mutex<[String: FolderNode]>([:])

    /// - Throws: `FileError` where the folder is no longer the one that work began in.
    func node(of results: ResultsFolder) throws -> FolderNode? {
        guard let known = nodes.withLock({ $0[results.path] }) else {
            let node = FolderNode(results.path)
            nodes.withLock { $0[results.path] = node }
            return node
        }
        try known.check(at: results.path)
        return known
    }
}

/// Numbers of workers that work at the same time, each the lowest that is free: they share out the devices of a machine.
private final class WorkerSlots: Sendable {
    private let taken = Mutex<Set<Int>>([])

    func take() -> Int {
        taken.withLock { taken in
            var slot = 0
            while !taken.insert(slot).inserted { slot += 1 }
            return slot
        }
    }

    func give(_ slot: Int) { taken.withLock { _ = $0.remove(slot) } }
}

/// Fork servers that wait for requests.
private final class ForkServers: Sendable {
    private let begin: @Sendable () -> ForkServer
    private let waiting = Mutex<[ForkServer]>([])

    init(_ begin: @escaping @Sendable () -> ForkServer) { self.begin = begin }

    /// A waiting server, or a new one.
    func next() -> ForkServer {
        waiting.withLock { hosts in
            hosts.removeAll { !$0.isAlive }
            return hosts.popLast()
        } ?? begin()
    }

    func keep(_ host: ForkServer) { waiting.withLock { $0.append(host) } }
}

extension ProcessEnd {
    /// The cause of a failure, with the last lines of the process.
    fileprivate func cause(_ lines: [String]) -> String {
        // An error message is at the end of the output; for a crash a long trace follows it.
        let (how, telling) =
            switch self {
            case .exited(let code): ("the worker ended with \(code)", lines.suffix(3))
            case .killed(let signal): ("the worker was ended by signal \(signal)", lines.prefix(2))
            }
        return telling.isEmpty ? how : "\(how): \(telling.joined(separator: " / "))"
    }
}
