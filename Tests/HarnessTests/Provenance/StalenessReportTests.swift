import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Specification
@testable import Study

@Suite("Why a run is done or not")
struct WhyTests {
    let folder = TemporaryFolder()
    var results: ResultsFolder { ResultsFolder(folder.path) }

    private func plan(_ settings: [String] = [], _ yaml: String = TinyStudy.planar) throws -> Plan {
        Plan(try Study(yaml: yaml, file: "study.yaml", settings: settings), results: results)
    }

    private func run() async throws {
        _ = try await Runner(try plan(), launcher: LocalLauncher(), jobs: 1).run()
    }

    /// The differences of one answer, as they are shown.
    private func texts(_ why: StalenessReport) -> [String] {
        switch why.runState {
        case .stale(let differences): ["stale"] + differences.map(\.description)
        case .missing(let nearest):
            ["missing", nearest?.path ?? "none"] + (nearest?.differences.map(\.description) ?? [])
        case .done: ["done"]
        case .elsewhere(let path): ["elsewhere", path]
        case .unreadable: ["unreadable"]
        case .failed(let cause): ["failed", cause]
        }
    }

    @Test("nothing is there: all will run, and nothing is near")
    func empty() throws {
        #expect(try plan().explained().map(texts) == Array(repeating: ["missing", "none"], count: 4))
    }

    @Test("all is there: done; under another study's name: where")
    func done() async throws {
        try await run()
        #expect(try plan().explained().map(texts) == Array(repeating: ["done"], count: 4))
        let other = try plan([], TinyStudy.planar.changing("study: tiny", to: "study: other"))
        #expect(
            try other.explained("objective=combined,seed=1").map(texts)
                == [["elsewhere", folder.file("tiny/objective=combined,seed=1/run.h5")]])
    }

    @Test("a key that changed makes the run under its name stale, and is named with both values")
    func stale() async throws {
        try await run()
        let changed = try plan(["base.student.optimization.steps=7"]).explained()
        #expect(changed.map(texts) == Array(repeating: ["stale", "student.optimization.steps: 20 → 7"], count: 4))
    }

    @Test("a new run is compared with the record that has the fewest other keys")
    func missing() async throws {
        try await run()
        let more = try plan(["axes.seed=[0, 1, 2]", "base.sharedSeed=0"]).explained("objective=combined,seed=2")
        let texts = texts(try #require(more.first))
        #expect(texts.first == "missing")
        #expect(texts[1].contains("objective=combined,seed="))
        #expect(texts.count == 3 && texts[2].hasPrefix("seed: ") && texts[2].hasSuffix(" → 2"))
    }

    @Test("a stage's other version, or another input, is named where no key explains it")
    func stages() throws {
        let stage = RunStage(run: try plan().study.runs[0])
        let now = RunFingerprint(stage)
        let raised = RunFingerprint(
            specification: now.specification,
            versions: now.versions.map { .init(stage: $0.stage, number: $0.stage == "teacher" ? 9 : $0.number) },
            inputs: now.inputs.map { .init(kind: $0.kind, identity: Identity(hashing: [1])) })
        #expect(
            now.differences(from: raised).map(\.description)
                == ["version of the stage 'teacher': 9 → \(TeacherStage.version)"])
        let other = RunFingerprint(specification: now.specification, versions: now.versions, inputs: raised.inputs)
        #expect(now.differences(from: other).map(\.path) == now.inputs.map(\.kind))
        #expect(now.differences(from: now).isEmpty)
    }

    @Test("a run that the study does not have is refused with the nearest name")
    func unknown() throws {
        let plan = try plan()
        #expect(throws: SpecError.self) { _ = try plan.explained("objective=combined,seed=9") }
        do { _ = try plan.explained("objective=combined,seed=") } catch {
            #expect(error.description.contains("did you mean 'objective=combined,seed=0'?"), "\(error)")
        }
    }
}
