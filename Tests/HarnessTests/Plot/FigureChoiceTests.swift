import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Study

@Suite("The figures that a study asks for")
struct FigureChoiceTests {
    private static let axes = """
        axes:
          alpha: {path: student.method.freeflow.secondTerm.weight, values: [1, 3]}

        """

    private func study(_ figures: String, _ settings: [String] = []) throws -> Study {
        let head = TinyStudy.planar.components(separatedBy: "axes:")[0]
        return try Study(yaml: head + Self.axes + "figures: \(figures)\n", file: "study.yaml", settings: settings)
    }

    @Test("are read in their order, change no run, and are kept beside the records")
    func read() throws {
        let study = try study(
            "[drift, {along: {axis: alpha, of: recall}}, {overTraining: {of: recall, by: samples}}, plane]")
        #expect(
            study.figures == [
                .drift, .along(axis: "alpha", of: "recall"), .overTraining(of: "recall", by: .samples), .plane,
            ])
        let plain = try Study(
            yaml: study.text.components(separatedBy: "figures:")[0], file: "study.yaml")
        #expect(plain.figures == nil)
        #expect(plain.runs.map { RunStage(run: $0).identity } == study.runs.map { RunStage(run: $0).identity })
        try withTemporaryFolder { folder in
            let plan = Plan(study, results: ResultsFolder(folder))
            try StudyManifest(study, identities: plan.identities, stages: []).write(to: folder)
            #expect(try StudyManifest.read(from: folder)?.figures == study.figures)
        }
    }

    @Test(
        "are refused where the study has no such figure, score, axis or samples",
        arguments: [
            (
                "[drfit]",
                """
                study.yaml:35:11: unknown case 'drfit' for figures[0]
                """
            ),
            (
                "[{bars: {of: recal}}]",
                """
                study.yaml:35:11: unknown metric 'recal' in figures[0]
                  allowed: frechetDistance
                """
            ),
            (
                "[drift, {along: {axis: alpa, of: recall}}]",
                """
                study.yaml:35:18: unknown axis 'alpa' in figures[1]
                  allowed: alpha
                  did you mean 'alpha'?
                """
            ),
            (
                "[samples]",
                """
                study.yaml:35:11: no run of the study has what figures[0] shows
                  found: samples
                  allowed: with images as data and 'evaluation.savedSamples' above 0
                """
            ),
            (
                "[drift, drift]",
                """
                study.yaml:35:18: wrong value for figures[1]
                  found: drift again
                  allowed: each figure once
                """
            ),
            (
                "drift",
                """
                study.yaml:35:10: wrong value for figures
                """
            ),
        ])
    func refused(figures: String, text: String) {
        let error = errorText { try study(figures) }
        #expect(error.hasPrefix(text), "\(error)")
    }

    @Test(
        "need what a run has to keep",
        arguments: [
            ("trajectories", "trajectories=3"), ("planeOverTraining", "sampleSnapshots=3"),
        ])
    func needs(figure: String, setting: String) throws {
        #expect(errorText { try study("[\(figure)]") }.contains("allowed: with "))
        #expect(try study("[\(figure)]", ["base.evaluation.\(setting)"]).figures?.count == 1)
    }
}
