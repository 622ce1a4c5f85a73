import FlowMaps
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Specification
@testable import Study

@Suite("A study may name a transformer")
struct TransformerStudyTests {
    private static let mlp = "{mlp: {width: 16, depth: 2, times: {count: 4, lowest: 0.5, highest: 6}}}"

    private func study(_ yaml: String, patch: Int) throws -> Study {
        let sit = "{sit: {patch: \(patch), width: 16, depth: 1, heads: 2, times: {count: 4, lowest: 0.5, highest: 6}}}"
        return try Study(yaml: yaml.changing(Self.mlp, to: sit), file: "study.yaml")
    }

    @Test("and its runs are done")
    func runs() async throws {
        try await withTemporaryFolder { folder in
            let study = try study(TinyStudy.digits, patch: 4)
            let plan = Plan(study, results: ResultsFolder(folder))
            let endings = try await Runner(plan, launcher: LocalLauncher(), jobs: 1).run()
            #expect(endings.map(\.stageResult).allSatisfy { $0 == .done })
            #expect(Plan(study, results: ResultsFolder(folder)).pending.isEmpty)
        }
    }

    @Test("but not one whose patches do not tile the images")
    func untiled() throws {
        let error = #expect(throws: SpecError.self) { try study(TinyStudy.digits, patch: 3) }
        #expect(error?.description.contains("wrong value for base.teacher.network.sit.patch\n  found: 3\n") == true)
        #expect(error?.description.contains("\n  allowed: a divisor of the image's sides, 8 and 8\n") == true)
    }

    @Test("and not for samples that are no images")
    func planar() throws {
        let error = #expect(throws: SpecError.self) { try study(TinyStudy.planar, patch: 1) }
        #expect(
            error?.description.contains(
                "wrong value for base.teacher.network.sit\n  found: samples that are no images\n") == true)
    }
}
