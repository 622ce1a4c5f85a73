import FlowMaps
import Foundation
import Subprocess

/// How a piece of work ended.
public enum Ending: Codable, Hashable, Sendable {
    case done
    /// A run whose training left the finite numbers; its record says so.
    case diverged(String)
    /// The work left nothing.
    case failed(String)
}

/// Where work is carried out: in this process, in others, on a cluster.
public protocol Launcher: Sendable {
    /// Carries out one piece of work whose needs are there, and returns when it is over.
    func launch(_ work: Work, in results: ResultsFolder, report: @escaping @Sendable (Worker.Progress) -> Void) async
        -> Ending
}

/// Work in this process, one piece at a time.
public struct LocalLauncher: Launcher {
    public init() {}

    public func launch(
        _ work: Work, in results: ResultsFolder, report: @escaping @Sendable (Worker.Progress) -> Void
    ) async -> Ending {
        do {
            return try Worker(results: results, report: report).carryOut(work)
        } catch {
            return .failed("\(error)")
        }
    }
}

/// What a worker process is told on standard input.
public struct WorkOrder: Codable, Sendable {
    public let work: Work
    public let results: ResultsFolder

    public init(work: Work, results: ResultsFolder) { (self.work, self.results) = (work, results) }
}

/// What a worker process says on standard output, a line of JSON each.
public enum WorkReport: Codable, Sendable {
    case progress(Worker.Progress)
    case ended(Ending)
}

/// Work in child processes of the same executable: a crash of one is that work's failure alone, and its memory is given back.
public struct ProcessLauncher: Launcher {
    private let executable: String
    private let arguments: [String]

    /// - Parameter arguments: after which the executable reads a `WorkOrder` from standard input.
    public init(executable: String, arguments: [String]) { (self.executable, self.arguments) = (executable, arguments) }

    /// Bytes of a worker's standard error that are kept to say why it failed.
    private static let errorLimit = 1 << 16

    public func launch(
        _ work: Work, in results: ResultsFolder, report: @escaping @Sendable (Worker.Progress) -> Void
    ) async -> Ending {
        do {
            let order = try JSONEncoder().encode(WorkOrder(work: work, results: results))
            let result = try await Subprocess.run(
                .path(.init(executable)), arguments: Arguments(arguments),
                input: .array([UInt8](order)), output: .sequence, error: .string(limit: Self.errorLimit)
            ) { execution in
                var ending: Ending?
                for try await line in execution.standardOutput.strings() {
                    switch try JSONDecoder().decode(WorkReport.self, from: Data(line.utf8)) {
                    case .progress(let progress): report(progress)
                    case .ended(let end): ending = end
                    }
                }
                return ending
            }
            if result.terminationStatus.isSuccess, let ending = result.closureResult { return ending }
            return .failed(Self.cause(result.terminationStatus, result.standardError))
        } catch {
            return .failed("\(error)")
        }
    }

    private static func cause(_ status: TerminationStatus, _ log: String) -> String {
        let lines = log.split(separator: "\n")
        // What a process says when it fails is at the end; when it crashes, a long trace comes behind it.
        let (how, telling) =
            switch status {
            case .exited(let code): ("the worker ended with \(code)", lines.suffix(3))
            case .signaled(let signal): ("the worker was ended by signal \(signal)", lines.prefix(2))
            }
        return telling.isEmpty ? how : "\(how): \(telling.joined(separator: " / "))"
    }
}
