import FlowMaps
import TestSupport
import Testing

@testable import Execution
@testable import Reporting
@testable import Results
@testable import Study

@Suite("Students judged in several numbers of steps")
struct FewStepTests {
    let folder = TemporaryFolder()

    /// A student of many steps, and one of a single step.
    private static let yaml = TinyStudy.planar.changing(
        "prediction: {student: {method: {freeflow: {secondTerm: ~}}}}",
        to: "sdei: {student: {method: {sdei: {states: studentPath}}}}"
    ).changing("seed: [0, 1]", to: "seed: [0]")

    private func records(_ settings: [String], in name: String) async throws -> [Record] {
        let results = ResultsFolder(folder.file(name))
        let study = try Study(yaml: Self.yaml, file: "study.yaml", settings: settings)
        _ = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        return try results.records(of: results.study(study.name)).records
    }

    @Test("have the scores of one step as they were, and beside them each score in more")
    func scores() async throws {
        let metrics = "base.evaluation.metrics=[frechetDistance, recall, drift]"
        let alone = try await records([metrics], in: "alone")
        let several = try await records([metrics, "base.evaluation.steps=[1, 2, 4]"], in: "several")
        let (one, more) = (alone[0], several[0])
        let inSteps = [
            "frechetDistance", "recall", "frechetDistance@2", "recall@2", "frechetDistance@4", "recall@4",
        ]
        #expect(one.evaluation.names == ["frechetDistance", "recall"] && more.evaluation.names == inSteps)
        #expect(more.evaluation.inOneStep == one.evaluation, "what is judged beside it changes nothing")
        #expect(more.training == one.training && more.drift == one.drift)
        let samples = try #require(more.samples)
        #expect(mismatch(samples.student, one.samples?.student ?? []) == nil)
        #expect(mismatch(samples.teacher, one.samples?.teacher ?? []) == nil)
        #expect(samples.steps == [1, 2, 4] && one.samples?.steps == [1])
        #expect(Set(samples.steps.map { samples.student(in: $0) }).count == 3)
        #expect(more.evaluation.steps == [10, 20], "at every measurement")
        #expect(Set(more.evaluation.last.values).count > 3, "the steps make a difference")
        // The one that sets out from noise alone.
        #expect(several[1].evaluation.names == ["frechetDistance", "recall"])
        #expect(several[1].samples?.steps == [1])
        let notes = StudyTable(several).table.notes
        #expect(
            notes.prefix(2) == [
                "@n: samples made in n steps of the student, n evaluations.",
                "In one step alone, as the student learns to set out from t = 1 alone: combined.",
            ])
        let table = StudyTable(several, scores: .all).table
        #expect(
            table.columns.map(\.title) == [
                "objective", "Fréchet distance", "recall", "Fréchet distance @2", "recall @2", "Fréchet distance @4",
                "recall @4", "evaluations", "training", "runs",
            ])
        #expect(table.rows.map { $0[7].text(.unicode) } == ["1, 2, 4", "1", "7", "1"])
        #expect(table.rows[0][3].text(.unicode) != "–" && table.rows[1][3].text(.unicode) == "–")
    }

    @Test(
        "are refused unless the numbers rise from 1",
        arguments: ["[]", "[1]", "[2, 4]", "[1, 2, 2]", "[1, 4, 2]", "[1, 129]"])
    func refusal(steps: String) {
        #expect(
            errorText { try Study(yaml: Self.yaml, file: "study.yaml", settings: ["base.evaluation.steps=\(steps)"]) }
                == """
                --set base.evaluation.steps=\(steps): wrong value for base.evaluation.steps
                  found: \(steps)
                  allowed: nothing, which is 1 step, or numbers that rise from 1 to at most 128, such as [1, 2, 4, 8]
                  in the run objective=sdei,seed=0
                """)
    }

    @Test("of the table's few scores have the first in each number of steps")
    func few() {
        let metrics = [
            "frechetDistance", "slicedWasserstein", "pairedError", "precision", "recall", "density", "coverage",
        ]
        let names = metrics + metrics.map { $0 + "@2" } + metrics.map { $0 + "@8" }
        #expect(
            ScoreChoice.few.chosen(of: names) == [
                "frechetDistance", "frechetDistance@2", "frechetDistance@8", "slicedWasserstein", "pairedError",
                "recall",
            ])
    }

    @Test(
        "are named with an @",
        arguments: [("recall", "recall", 1), ("recall@4", "recall", 4), ("recall@1", "recall@1", 1), ("a@b", "a@b", 1)])
    func name(text: String, metric: String, steps: Int) {
        #expect(ScoreName(text).metric == metric && ScoreName(text).steps == steps && ScoreName(text).text == text)
    }
}
