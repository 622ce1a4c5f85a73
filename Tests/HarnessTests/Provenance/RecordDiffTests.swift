import TestSupport
import Testing

@testable import Results
@testable import Specification

@Suite("Two records are compared")
struct RecordComparisonTests {
    private func record(_ scores: [(String, Double)], settings: [String] = [], samples: [Float] = [1, 2]) throws
        -> Record
    {
        try SampleRecord.make(
            [], settings: settings, scores: scores,
            samples: SavedSamples(student: samples, teacher: [3, 4], labels: nil, dimension: 2))
    }

    @Test("the same: bitwise the same, NaN too")
    func same() throws {
        let first = try record([("frechetDistance", .nan), ("pairedError", 0.5)])
        let comparison = RecordDiff(first, try record([("frechetDistance", .nan), ("pairedError", 0.5)]))
        #expect(comparison.isBitwiseSame && comparison.fingerprint.isEmpty && comparison.facts.isEmpty)
        #expect(comparison.scores.map(\.name) == ["frechetDistance", "pairedError"])
    }

    @Test("a last bit of one score is named, with the step and by how much")
    func lastBit() throws {
        let comparison = RecordDiff(
            try record([("pairedError", 0.5)]), try record([("pairedError", (0.5).nextUp)]))
        #expect(!comparison.isBitwiseSame)
        #expect(comparison.measured.map(\.description) == ["evaluation pairedError from step 20 on, by up to 1.11e-16"])
    }

    @Test("a last bit of the drift is named")
    func drift() throws {
        func drifting(_ value: Double) throws -> Record {
            let record = try record([("pairedError", 0.5)])
            return Record(
                run: record.run, identity: record.identity, outcome: record.outcome, training: record.training,
                evaluation: record.evaluation, reference: record.reference, features: record.features,
                drift: Drift(durations: [0.5, 1], student: [0.25, value], ceiling: [1, 1]), samples: record.samples,
                provenance: record.provenance)
        }
        let (first, second) = (try drifting(0.5), try drifting((0.5).nextUp))
        #expect(RecordDiff(first, try drifting(0.5)).isBitwiseSame && first.content != second.content)
        #expect(RecordDiff(first, second).measured.map(\.description) == ["drift by up to 1.11e-16"])
        let without = RecordDiff(first, try record([("pairedError", 0.5)]))
        #expect(without.measured.map(\.description) == ["drift: not over the same durations"])
    }

    @Test("keys, samples and other curves are each told")
    func others() throws {
        let first = try record([("pairedError", 0.5)])
        let second = try record(
            [("energyDistance", 0.5)], settings: ["base.student.optimization.learningRate=3.0e-3"], samples: [1, 2.5])
        let comparison = RecordDiff(first, second)
        #expect(comparison.fingerprint.map(\.description) == ["student.optimization.learningRate: 0.001 → 0.003"])
        #expect(
            comparison.measured.map(\.description) == [
                "evaluation pairedError: only in one of the two", "evaluation energyDistance: only in one of the two",
                "floor of the teacher's pairedError: only in the first",
                "ceiling of the teacher's pairedError: only in the first",
                "samples of the student by up to 0.500",
            ])
        #expect(comparison.scores.map(\.name) == ["pairedError", "energyDistance"])
        #expect(comparison.scores[0].second == nil && comparison.scores[1].first == nil)
    }
}
