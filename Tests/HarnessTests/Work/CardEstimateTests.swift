import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Study

@Suite("A study on a card, by its numbers") struct CardEstimateTests {
    private func estimate(_ settings: String...) throws -> CardEstimate {
        let yaml = TinyStudy.digits.changing(
            "{mlp: {width: 16, depth: 2, times: {count: 4, lowest: 0.5, highest: 6}}}",
            to: "{sit: {patch: 2, width: 64, depth: 8, heads: 2, times: {count: 4, lowest: 0.5, highest: 6}}}")
        let study = try Study(yaml: yaml, file: "study.yaml", settings: settings)
        return CardEstimate(Plan(study, results: ResultsFolder(TemporaryFolder().file("results"))), on: .h100)
    }

    @Test("takes more hours and less memory with rematerialization, and the same disk")
    func rematerialization() throws {
        let plain = try estimate(), again = try estimate("base.student.optimization.rematerialize=true")
        #expect(again.hours > plain.hours && again.memory < plain.memory && again.disk == plain.disk)
        // A teacher's training has four passes for three.
        #expect(try estimate("base.teacher.optimization.rematerialize=true").hours > plain.hours)
    }
}
