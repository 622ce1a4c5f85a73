import FlowMaps
import TestSupport
import Testing

@testable import Execution
@testable import Reporting
@testable import Results
@testable import Specification
@testable import Study

@Suite("Scores of different numbers of samples")
struct SampleCountTests {
    let folder = TemporaryFolder()

    private static func yaml(_ metric: String) -> String {
        TinyStudy.planar.changing("    combined: {}", to: "    combined: {evaluation: {samples: 65}}")
            + TinyStudy.claim.replacing("frechetDistance", with: metric)
    }

    @Test("are not compared by a claim whose score depends on them")
    func claim() throws {
        let error = #expect(throws: SpecError.self) {
            try Study(yaml: Self.yaml("frechetDistance"), file: "study.yaml")
        }
        #expect(
            "\(error.map { "\($0)" } ?? "")".contains(
                """
                scores of different numbers of samples in claims.synergy
                  found: 64, 65 samples
                  allowed: equal evaluation.samples: 'frechetDistance' depends on them
                """), "\(String(describing: error))")
        #expect(try Study(yaml: Self.yaml("pairedError"), file: "study.yaml").claims.count == 1)
    }

    @Test("are not compared as runs, and stand beside the table where they differ")
    func comparison() async throws {
        let results = ResultsFolder(folder.file("results"))
        let study = try Study(yaml: Self.yaml("pairedError"), file: "study.yaml", settings: ["axes.seed=[0]"])
        _ = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        let records = try results.records(of: results.study(study.name)).records
        let subjects = records.map { ArmComparison.Subject(path: $0.run.point, content: .run($0)) }
        #expect(ArmComparison(subjects).unequalCounts == "A of 64 samples, B of 65 samples")
        #expect(ArmComparison([subjects[0], subjects[0]]).unequalCounts == nil)
        #expect(ArmComparison(subjects, by: .scores(.named(["pairedError"]))).unequalCounts == nil)
        #expect(StudyTable(records).table.notes.contains("Scores of 64 or 65 samples each."))
        #expect(StudyTable([records[0]]).table.notes.contains("Scores of 64 samples each."))
    }

    @Test("A Fréchet distance on raw coordinates of colour images is in the estimate, tens of seconds of it")
    func estimate() throws {
        let scoring = try #require(Metric.frechetDistance.scoring)
        let cost = scoring.operations(.init(samples: 64, reference: 64, dimension: 3072, width: 3072, projections: 8))
        // Once for the reference, of the teacher and of a student at two measurements, beside 30 GFLOP/s.
        let seconds = (2 * cost.reference + 4 * cost.samples) / 30e9
        #expect((20...90).contains(seconds), "\(seconds)")
        let plane = scoring.operations(.init(samples: 64, reference: 64, dimension: 2, width: 2, projections: 8))
        #expect((2 * plane.reference + 4 * plane.samples) / 30e9 < 1e-3)
        let images = try Study(
            yaml: TinyStudy.planar.changing("{planar: {set: eightGaussians, count: 200}}", to: "digits").changing(
                "labelDropout: 0", to: "labelDropout: 0.1"), file: "study.yaml")
        let run = Stage.run(RunStage(run: images.runs[0]))
        let without = try Study(
            yaml: TinyStudy.planar.changing("{planar: {set: eightGaussians, count: 200}}", to: "digits").changing(
                "labelDropout: 0", to: "labelDropout: 0.1"), file: "study.yaml",
            settings: ["base.evaluation.metrics=[pairedError]"])
        let other = Stage.run(RunStage(run: without.runs[0]))
        #expect(Estimate(from: []).seconds(run) > 2 * Estimate(from: []).seconds(other))
    }
}
