import ArgumentParser
import CPU
import Execution
import Foundation
import Reporting
import Results
import Study
import TestSupport

/// Measures what the harness adds to the work of a study and writes CSV rows `overhead,<what>,<figure>,<unit>`, in the time that
/// passes.
@main struct OverheadBenchmark: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "ablate-overhead")

    @Option(help: "Runs of the study that is planned, done and found done; a multiple of ten.") var runs = 1000
    @Option(help: "Runs that have a process each.") var processes = 100
    @Option(help: "Runs of the study that is only expanded and keyed; a multiple of ten.") var expanded = 10_000
    @Option(help: "Measurements of all but bookkeeping; the median is told.") var repetitions = 5

    func run() async throws {
        let folder = TemporaryFolder()
        let results = ResultsFolder(folder.file("results"))
        let study = try written("tiny", runs, to: folder)
        try expansion(folder)
        try await planning(study, folder)
        try await finish(Plan(try Study(file: study), results: results), LocalLauncher(on: CPUBackend()))
        try await bookkeeping(folder, results)
        try await process(folder)
        try noOp(study, folder)
    }

    /// Reading a large study and the identities of its runs.
    private func expansion(_ folder: TemporaryFolder) throws {
        let path = try written("large", expanded, to: folder), nowhere = ResultsFolder(folder.file("nowhere"))
        let seconds = try median {
            let plan = Plan(try Study(file: path), results: nowhere)
            precondition(plan.runItems.count == expanded, "\(plan.runItems.count) runs")
        }
        tell("expansion", seconds, "s for \(expanded) runs")
    }

    /// A study whose work takes no time: the plan, the study's files, the queue.
    private func planning(_ study: String, _ folder: TemporaryFolder) async throws {
        var times: [Double] = []
        for repetition in 0..<repetitions {
            let results = ResultsFolder(folder.file("planned-\(repetition)"))
            times.append(
                try await Self.seconds {
                    let plan = Plan(try Study(file: study), results: results)
                    _ = try await Runner(plan, launcher: IdleLauncher(), jobs: 1).run()
                })
        }
        tell("planning", 1e3 * times.median / Double(runs), "ms a run")
    }

    /// All that a run costs but its training and judging: a study of the same runs under another name takes their records over,
    /// which locks, writes and seals each; that it reads them first is told apart and left out.
    private func bookkeeping(_ folder: TemporaryFolder, _ results: ResultsFolder) async throws {
        let reading = try median { _ = try results.records(of: results.study("tiny")) }
        tell("reading", 1e3 * reading / Double(runs), "ms a run")
        let study = try written("again", runs, to: folder)
        let seconds = try await Self.seconds {
            try await finish(Plan(try Study(file: study), results: results), IdleLauncher())
        }
        tell("bookkeeping", 1e3 * (seconds - reading) / Double(runs), "ms a run")
    }

    /// What a process for each run adds, from its start to its end: pairs of the same runs in this process and in others.
    private func process(_ folder: TemporaryFolder) async throws {
        let study = try written("apart", processes, to: folder)
        var times: [Double] = []
        for repetition in 0..<repetitions {
            func seconds(_ launcher: some Launcher, _ name: String) async throws -> Double {
                let plan = Plan(
                    try Study(file: study), results: ResultsFolder(folder.file("\(name)-\(repetition)")))
                return try await Self.seconds { try await finish(plan, launcher) }
            }
            let alone = try await seconds(LocalLauncher(on: CPUBackend()), "alone")
            let apart = try await seconds(ProcessLauncher(executable: Self.ablate, arguments: ["work"]), "apart")
            times.append(apart - alone)
        }
        tell("process", 1e3 * times.median / Double(processes), "ms a run")
    }

    /// The whole command `ablate run` over a study that is done, the first one left out, which notes what it has found.
    private func noOp(_ study: String, _ folder: TemporaryFolder) throws {
        // Younger files are read again.
        Thread.sleep(forTimeInterval: 3)
        try runAgain(study, folder)
        tell("no-op", 1e3 * (try median { try runAgain(study, folder) }), "ms over \(runs) runs")
    }

    private func runAgain(_ study: String, _ folder: TemporaryFolder) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.ablate)
        process.arguments = ["run", study, "--results", folder.file("results")]
        (process.standardOutput, process.standardError) = (FileHandle.nullDevice, FileHandle.nullDevice)
        try process.run()
        process.waitUntilExit()
        precondition(process.terminationStatus == 0, "a study that is done ended with \(process.terminationStatus)")
    }

    private func finish(_ plan: Plan, _ launcher: some Launcher) async throws {
        let endings = try await Runner(plan, launcher: launcher, jobs: 1).run()
        precondition(endings.allSatisfy { $0.stageResult == .done }, "\(endings.map(\.stageResult))")
    }

    /// Beside this program.
    private static let ablate = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        .deletingLastPathComponent().appendingPathComponent("ablate").path

    private func tell(_ what: String, _ figure: Double, _ unit: String) {
        Terminal.Stream.output.write("overhead,\(what),\(String(format: "%.3f", figure)),\(unit)\n")
    }
}

extension OverheadBenchmark {
    /// A study of two steps a run.
    private func written(_ name: String, _ runs: Int, to folder: TemporaryFolder) throws -> String {
        let text = TinyStudy.planar.changing("study: tiny", to: "study: \(name)")
            .changing("optimization: {steps: 20,", to: "optimization: {steps: 2,")
            .changing("measurements: 2", to: "measurements: 1")
        guard let axes = text.range(of: "axes:") else { preconditionFailure("no axes in the tiny study") }
        let rates = (1...10).map { "\($0).0e-3" }.joined(separator: ", ")
        let seeds = (0..<runs / 10).map(String.init).joined(separator: ", ")
        let path = folder.file("\(name).yaml")
        let swept = """
            axes:
              rate: {path: student.optimization.learningRate, values: [\(rates)]}
              seed: [\(seeds)]

            """
        try Data((text[..<axes.lowerBound] + swept).utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private func median(_ body: () throws -> Void) rethrows -> Double {
        try (0..<repetitions).map { _ in
            let clock = ContinuousClock()
            return (try clock.measure(body)).seconds
        }.median
    }

    private static func seconds(_ body: () async throws -> Void) async rethrows -> Double {
        let start = ContinuousClock.now
        try await body()
        return (ContinuousClock.now - start).seconds
    }
}

/// Work that is over when it begins.
private struct IdleLauncher: Launcher {
    func launch(
        _ stage: Stage, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void
    ) async -> StageResult { .done }
}

extension Duration {
    fileprivate var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

extension [Double] {
    fileprivate var median: Double {
        let ordered = sorted()
        return count % 2 == 1 ? ordered[count / 2] : (ordered[count / 2 - 1] + ordered[count / 2]) / 2
    }
}
