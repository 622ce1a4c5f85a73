import Synchronization
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

/// Does no work but waits a little, fails on request, and remembers who was at work beside whom.
private final class WatchedLauncher: Launcher {
    struct Log {
        var began: [Stage] = []
        var ended: Set<Identity> = []
        var running = 0
        var mostRunning = 0
        var early: [String] = []
    }

    let log = Mutex(Log())
    private let failure: @Sendable (Stage) -> String?

    init(failing failure: @escaping @Sendable (Stage) -> String? = { _ in nil }) { self.failure = failure }

    func launch(
        _ stage: Stage, in results: ResultsFolder, report: @escaping @Sendable (Worker.Notice) -> Void
    ) async -> StageResult {
        log.withLock { log in
            log.began.append(stage)
            log.running += 1
            log.mostRunning = max(log.mostRunning, log.running)
            if !stage.needs.allSatisfy({ log.ended.contains($0.identity) }) { log.early.append(stage.title) }
        }
        report(.progress(Worker.Progress(step: 1, steps: stage.steps, detail: "waiting")))
        try? await Task.sleep(for: .milliseconds(5))
        let cause = failure(stage)
        log.withLock { log in
            log.running -= 1
            if cause == nil { log.ended.insert(stage.identity) }
        }
        return cause.map { .failed($0) } ?? .done
    }
}

@Suite("Work is begun in its order")
struct RunnerOrderTests {
    let folder = TemporaryFolder()

    /// Two teachers, of 40 and 80 steps, with two arms and four seeds each.
    private func plan() throws -> Plan {
        let axes = "axes:\n  teacher: {path: teacher.optimization.steps, values: [40, 80]}\n"
        let yaml = TinyStudy.planar.changing("axes:\n", to: axes).changing("seed: [0, 1]", to: "seed: [0, 1, 2, 3]")
        return Plan(try Study(yaml: yaml, file: "study.yaml"), results: ResultsFolder(folder.path))
    }

    @Test("never before what it needs, never more at once than jobs", arguments: [1, 2, 3, 100])
    func jobs(count: Int) async throws {
        let plan = try plan()
        let launcher = WatchedLauncher()
        let endings = try await Runner(plan, launcher: launcher, jobs: count).run()
        #expect(endings.count == 36 && endings.allSatisfy { $0.stageResult == .done })
        launcher.log.withLock { log in
            #expect(log.early == [])
            #expect(log.began.count == 36 && Set(log.began).count == 36)
            // Sixteen runs could go on side by side.
            #expect(log.mostRunning <= count)
            #expect(log.mostRunning >= min(count, 2))
        }
    }

    @Test("the longest that can begin first")
    func longest() async throws {
        let plan = try plan()
        let launcher = WatchedLauncher()
        _ = try await Runner(plan, launcher: launcher, jobs: 1).run()
        let estimate = Estimate(from: [])
        launcher.log.withLock { log in
            // What is left at each beginning, and of it what could begin.
            for (index, stage) in log.began.enumerated() {
                let before = Set(log.began[..<index])
                for other in log.began[index...] where other.needs.allSatisfy(before.contains) {
                    #expect(estimate.seconds(stage) >= estimate.seconds(other), "\(stage.title) before \(other.title)")
                }
            }
            #expect(log.began[0].steps == 80, "the longer teacher")
        }
    }

    @Test("a teacher that fails is the failure of its own runs alone, which say why")
    func failing() async throws {
        let plan = try plan()
        let launcher = WatchedLauncher { stage in
            if case .teacher(let teacher) = stage, teacher.optimization.steps == 40 { return "out of memory" }
            return nil
        }
        let events = Mutex<[String]>([])
        let endings = try await Runner(plan, launcher: launcher, jobs: 2) { event in
            if case .ended(let stage, _) = event { events.withLock { $0.append(stage.title) } }
        }.run()
        let failed = endings.filter { $0.stageResult != .done }
        let teacher = try #require(failed.first { $0.stage.kind == "teacher" }?.stage)
        #expect(failed.count == 18, "the teacher, its reference, and eight runs with their trainings")
        for (stage, stageResult) in failed where stage.kind != "teacher" {
            #expect(stageResult == .failed("\(teacher.title) failed: out of memory"))
            #expect(stage.needs.contains(teacher))
        }
        #expect(endings.count == 36)
        #expect(events.withLock { $0.sorted() } == endings.map(\.stage.title).sorted(), "each end is told once")
        launcher.log.withLock { log in
            #expect(log.early == [])
            #expect(log.began.count == 19, "what cannot be done is not begun")
        }
    }

    @Test("a reference that fails is reported with its own cause")
    func failingReference() async throws {
        let plan = try plan()
        let launcher = WatchedLauncher { $0.kind == "reference" ? "no room" : nil }
        let endings = try await Runner(plan, launcher: launcher, jobs: 3).run()
        for (stage, stageResult) in endings where stage.kind == "run" {
            let reference = try #require(stage.needs.first { $0.kind == "reference" })
            #expect(stageResult == .failed("\(reference.title) failed: no room"))
        }
        let done = endings.filter { $0.stageResult == .done }.map(\.stage.kind)
        #expect(done.filter { $0 != "training" } == ["teacher", "teacher"] && done.count == 18)
    }

    @Test("a folder that cannot be written is refused before anything is begun")
    func unwritable() async throws {
        try AtomicFile.write(Array("text".utf8), to: folder.file("file"))
        let study = try Study(yaml: TinyStudy.planar, file: "study.yaml")
        let launcher = WatchedLauncher()
        let runner = Runner(
            Plan(study, results: ResultsFolder(folder.file("file/inside"))), launcher: launcher, jobs: 1)
        let error = await #expect(throws: FileError.self) { _ = try await runner.run() }
        #expect(error?.description == folder.file("file/inside/tiny") + ": cannot create the folder: Not a directory")
        launcher.log.withLock { #expect($0.began.isEmpty) }
    }
}
