import TestSupport
import Testing

@testable import Execution
@testable import Reporting
@testable import Results
@testable import Study

@Suite("The columns that a study asks for")
struct StudyColumnsTests {
    let folder = TemporaryFolder()

    private func study(_ columns: String) throws -> Study {
        try Study(yaml: TinyStudy.planar + "columns: \(columns)\n", file: "study.yaml")
    }

    @Test("stand in its table, in that of its folder and in its report, and change no run")
    func kept() async throws {
        let study = try study("[teacher, recall, cost]"), plain = try Study(yaml: TinyStudy.planar, file: "study.yaml")
        #expect(study.columns == ["teacher", "recall", "cost"])
        #expect(study.runs.map { RunStage(run: $0).identity } == plain.runs.map { RunStage(run: $0).identity })
        let results = ResultsFolder(folder.path)
        _ = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        let read = try StudyResults.read(results.study("tiny"))
        #expect(read.scores == .named(["teacher", "recall", "cost"]))
        #expect(ScoreChoice.chosen(in: results.study("tiny")) == read.scores)
        let (table, _) = try results.summarise("tiny", read.records, scores: read.scores)
        #expect(table.columns.map(\.title) == ["objective", "teacher?", "recall", "training cost"])
        #expect(ScoreChoice.chosen(in: folder.file("nowhere")) == .few)
    }

    @Test("are refused where there is no such column, and where one is named twice")
    func refused() {
        #expect(
            errorText { try study("[teacher, recal]") } == """
                study.yaml:38:20: unknown column 'recal' in columns
                  allowed: frechetDistance, slicedWasserstein, pairedError, kernelDistance, precision, recall, density, \
                coverage, varianceRatio, energyDistance, meanDiscrepancy, coveredModes, highQualityShare, modeVariation, \
                drift, dataDiscrepancy, dataBased, teacher, evaluations, steps, images, cost, seconds, runs
                  did you mean 'recall'?
                """)
        #expect(
            errorText { try study("[cost, cost]") } == """
                study.yaml:38:17: wrong value for columns
                  found: cost again
                  allowed: each column once
                """)
        #expect(errorText { try study("[]") }.contains("allowed: at least one entry"))
    }
}
