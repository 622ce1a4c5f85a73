import TestSupport
import Testing

@testable import Study

@Suite("What a record cannot keep is refused")
struct KeptSamplesRefusalTests {
    private static let inFirst = "\n  in the run objective=prediction,seed=0"

    private func error(_ yaml: String, _ settings: [String]) -> String {
        errorText {
            try Study(yaml: yaml, file: "study.yaml", settings: settings.map { "base.evaluation.\($0)" })
        }
    }

    @Test("samples over training: more than are kept, of one measurement, or none")
    func overTraining() {
        #expect(
            error(TinyStudy.planar, ["sampleSnapshots=9"]) == """
                --set base.evaluation.sampleSnapshots=9: wrong value for base.evaluation.sampleSnapshots
                  found: 9
                  allowed: from 1 to 8
                """ + Self.inFirst)
        #expect(
            error(TinyStudy.planar, ["measurements=1", "sampleSnapshots=2"]) == """
                --set base.evaluation.sampleSnapshots=2: wrong value for base.evaluation.sampleSnapshots
                  found: 1 measurement
                  allowed: at least 2 measurements
                """ + Self.inFirst)
        #expect(
            error(TinyStudy.planar, ["savedSamples=0", "sampleSnapshots=2"]).contains(
                "allowed: nothing, as 'savedSamples' is 0"))
    }

    @Test("ways from noise to data: outside the plane, without the drift, more than there are samples")
    func trajectories() {
        #expect(
            error(TinyStudy.digits, ["trajectories=2"]) == """
                --set base.evaluation.trajectories=2: wrong value for base.evaluation.trajectories
                  found: data outside the plane
                  allowed: nothing, as only ways in the plane can be drawn
                """ + Self.inFirst)
        #expect(
            error(TinyStudy.planar, ["metrics=[recall]", "trajectories=2"]) == """
                --set base.evaluation.trajectories=2: wrong value for base.evaluation.trajectories
                  found: metrics without drift
                  allowed: with drift, at whose durations the ways are known
                """ + Self.inFirst)
        #expect(error(TinyStudy.planar, ["trajectories=65"]).contains("allowed: from 1 to 64"))
    }
}
