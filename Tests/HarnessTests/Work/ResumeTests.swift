import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Study

/// Does the work, and says that its worker was killed.
private struct KilledAtTheEnd: Launcher {
    func launch(
        _ stage: Stage, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void
    ) async -> StageResult {
        _ = await LocalLauncher().launch(stage, in: results, report: report)
        return .failed("the worker was ended by signal 9")
    }
}

@Suite("Work that was interrupted goes on")
struct ResumeTests {
    let folder = TemporaryFolder()
    private var undisturbed: ResultsFolder { ResultsFolder(folder.file("undisturbed")) }
    private var results: ResultsFolder { ResultsFolder(folder.file("results")) }

    private func contents(_ study: Study, _ results: ResultsFolder) throws -> [Record.Content] {
        let (records, unreadable) = try results.records(of: results.study(study.name))
        #expect(unreadable.isEmpty)
        return records.map(\.content)
    }

    /// Asks to stop at the notices that are counted off, until all is done.
    private func carryOut(_ study: Study, stoppingAfter notices: Int) async throws -> Int {
        for attempt in 0..<200 {
            let stop = StopRequest(), count = Counter(notices)
            let launcher = LocalLauncher(workerOptions: WorkerOptions(checkpointSeconds: 0), stop: stop)
            let endings = try await Runner(Plan(study, results: results), launcher: launcher, jobs: 1, stop: stop) {
                if case .noticed = $0, count.isOver() { stop.request() }
            }.run()
            if !stop.isRequested { return attempt }
            #expect(endings.allSatisfy { $0.stageResult == .done || $0.stageResult == .stopped })
        }
        return 200
    }

    /// Also with all that a record keeps on request.
    private static let keeping = TinyStudy.planar.changing(
        "    savedSamples: 8\n", to: "    savedSamples: 8\n    sampleSnapshots: 4\n    trajectories: 3\n")

    @Test("bit for bit, wherever it was stopped", arguments: [TinyStudy.planar, TinyStudy.digits, keeping])
    func stopped(yaml: String) async throws {
        let study = try Study(yaml: yaml, file: "study.yaml", settings: ["axes.seed=[0]"])
        _ = try await Runner(Plan(study, results: undisturbed), launcher: LocalLauncher(), jobs: 1).run()
        let stops = try await carryOut(study, stoppingAfter: 2)
        #expect((3..<200).contains(stops), "\(stops) interruptions")
        #expect(try contents(study, results) == contents(study, undisturbed))
        let interruptions = try results.records(of: results.study("tiny")).records.flatMap(\.provenance.facts)
            .filter { $0.name == "interruptions" }
        #expect(interruptions.contains { $0.value != "0" })
    }

    @Test("from each of its checkpoints, after any damage to the last")
    func damagedCheckpoints() async throws {
        let study = try Study(yaml: TinyStudy.planar, file: "study.yaml", settings: ["axes.seed=[0]"])
        _ = try await Runner(Plan(study, results: undisturbed), launcher: LocalLauncher(), jobs: 1).run()
        let stage = Plan(study, results: results).runItems[0].stage
        let stop = StopRequest()
        _ = try await Runner(
            Plan(study, results: results),
            launcher: LocalLauncher(workerOptions: WorkerOptions(checkpointSeconds: 0), stop: stop),
            jobs: 1, stop: stop
        ) { event in
            if case .noticed(let at, .progress) = event, at == stage { stop.request() }
        }.run()
        let journal = results.journal(stage)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: journal))
        bytes[bytes.count - 100] ^= 4
        try bytes.write(to: URL(fileURLWithPath: journal))
        let worker = Worker(results: results) { if case .setAside(let path, _, _) = $0 { #expect(path == journal) } }
        #expect(worker.carryOut(stage) == .done)
        #expect(FileManager.default.fileExists(atPath: results.point(study.runs[0]) + "/run.aside-1.journal"))
        _ = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(try contents(study, results) == contents(study, undisturbed))
    }

    @Test("a product whose bytes are not those that were sealed is set aside and made again", arguments: [0.3, 0.9])
    func flippedProduct(place: Double) async throws {
        let study = try Study(yaml: TinyStudy.planar, file: "study.yaml", settings: ["axes.seed=[0]"])
        _ = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        let before = try contents(study, results)
        let works = Plan(study, results: ResultsFolder(folder.file("nowhere"))).items.map(\.stage)
        for stage in works {
            let path = results.product(stage)
            var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            bytes[Int(place * Double(bytes.count))] ^= 1
            try bytes.write(to: URL(fileURLWithPath: path))
        }
        #expect(try results.records(of: results.study("tiny")).unreadable.count == 2)
        #expect(Plan(study, results: results).pending.count == works.count)
        _ = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(try contents(study, results) == before)
        for stage in works { #expect(FileManager.default.fileExists(atPath: aside(results.product(stage)))) }
    }

    private func aside(_ path: String) -> String { path.replacing(".h5", with: ".aside-1.h5") }

    @Test("work that failed is left until it is asked for, and what needs it fails with it")
    func failed() async throws {
        let study = try Study(yaml: TinyStudy.planar, file: "study.yaml", settings: ["axes.seed=[0]"])
        let plan = Plan(study, results: results)
        results.recordFailure(of: plan.items[0].stage, "out of memory")
        let again = Plan(study, results: results)
        #expect(again.items[0].status == .failed("out of memory"))
        let left = try await Runner(again, launcher: LocalLauncher(), jobs: 2).run()
        #expect(left.count == 6)
        #expect(left.first?.stageResult == .failed("before: out of memory; --retry-failed tries again"))
        for (_, stageResult) in left {
            if case .failed = stageResult {} else { Issue.record("\(stageResult) is no failure") }
        }
        let tried = try await Runner(
            Plan(study, results: results), launcher: LocalLauncher(), jobs: 2, formerFailures: .triedAgain
        ).run()
        #expect(tried.map(\.stageResult) == Array(repeating: .done, count: 6))
    }

    @Test("work whose product was there when its worker was killed has not failed")
    func killedAfterTheEnd() async throws {
        let study = try Study(yaml: TinyStudy.planar, file: "study.yaml", settings: ["axes.seed=[0]"])
        let plan = Plan(study, results: results), launcher = KilledAtTheEnd()
        let endings = try await Runner(plan, launcher: launcher, jobs: 1).run()
        #expect(endings.map(\.stageResult) == Array(repeating: .done, count: 6))
        #expect(Plan(study, results: results).pending.isEmpty)
    }

    @Test("two at one study at once share its work, and neither does any twice")
    func together() async throws {
        let study = try Study(yaml: TinyStudy.planar, file: "study.yaml")
        let plan = Plan(study, results: results), results = results
        let names = Names()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<2 {
                group.addTask {
                    _ = try? await Runner(plan, launcher: CountingLauncher(names), jobs: 1).run()
                }
            }
        }
        #expect(Plan(study, results: results).pending.isEmpty)
        #expect(names.all.sorted() == plan.items.map(\.stage.title).sorted())
    }
}

private final class Counter: @unchecked Sendable {
    private var left: Int
    init(_ count: Int) { left = count }
    func isOver() -> Bool {
        left -= 1
        return left <= 0
    }
}

private final class Names: @unchecked Sendable {
    private let lock = NSLock()
    private var names: [String] = []
    func add(_ name: String) { lock.withLock { names.append(name) } }
    var all: [String] { lock.withLock { names } }
}

/// Notes each piece of work whose training or sampling is told of from its first report.
private struct CountingLauncher: Launcher {
    let names: Names
    init(_ names: Names) { self.names = names }

    func launch(_ stage: Stage, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void) async
        -> StageResult
    {
        let reported = Names()
        return await LocalLauncher().launch(stage, in: results) { notice in
            if case .progress = notice, reported.all.isEmpty {
                reported.add("")
                names.add(stage.title)
            }
            report(notice)
        }
    }
}
