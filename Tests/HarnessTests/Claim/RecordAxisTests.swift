import Testing

@testable import Results
@testable import Study

@Suite("Claims along the axes that a record has in itself")
struct RecordAxisTests {
    /// Records of two arms over three seeds, with a score at three steps and a drift at two durations.
    private func records(score: (Int, Int) -> Double, drift: (Int, Double) -> Double) throws -> [Record] {
        try ["prediction", "combined"].enumerated().flatMap { arm, name in
            try (0..<3).map { seed in
                let durations = [0.3, 1.0], spread = 0.001 * Double((arm + 2 * seed) % 3)
                let record = try SampleRecord.make(
                    [SampleRecord.coordinate("objective", name), SampleRecord.coordinate("seed", "\(seed)")],
                    position: 3 * arm + seed,
                    drift: Drift(
                        durations: durations, student: durations.map { drift(arm, $0) + spread }, ceiling: [1, 1]))
                var curve = Curves(names: ["frechetDistance"])
                for step in 1...3 { curve.append(step: 100 * step, [score(arm, step) + spread * Double(step)]) }
                return record.measuring(curve)
            }
        }
    }

    private func verdict(_ statement: Claim.Statement, _ records: [Record]) -> ClaimResult {
        let claim = Claim(name: "claim", says: "It is so.", statement: statement)
        return ClaimResult.of([claim], runs: records.map(\.run), records: records)[0]
    }

    /// Prediction levels off, the combination falls; both stray with the duration, the combination less.
    private func usual() throws -> [Record] {
        try records(
            score: { arm, step in arm == 0 ? 2 : 3 - 0.5 * Double(step) },
            drift: { arm, duration in duration * (arm == 0 ? 1 : 0.5) })
    }

    @Test("a fall over training, whole or from a step on")
    func training() throws {
        let combined = ["objective": "combined"]
        let falls = Claim.Statement.falls(
            metric: "frechetDistance", along: "step", from: nil, to: nil, where: combined)
        #expect(verdict(falls, try usual()).verdict == .supported)
        // Down to the second step and up from there.
        let turning = try records(
            score: { arm, step in [9, 0, 1][step - 1] + 0.01 * Double(arm) }, drift: { _, _ in 0 })
        #expect(verdict(falls, turning).verdict == .supported)
        let late = Claim.Statement.rises(
            metric: "frechetDistance", along: "step", from: 200, to: nil, where: combined)
        #expect(verdict(late, turning).verdict == .supported)
    }

    @Test("a place in the record is part of an arm; without one the last is meant")
    func places() throws {
        func lower(_ of: [String: String], _ than: [String: String]) throws -> ClaimResult.Verdict {
            verdict(.lower(metric: "frechetDistance", of: of, than: than, by: nil), try usual()).verdict
        }
        let (prediction, combined) = (["objective": "prediction"], ["objective": "combined"])
        #expect(try lower(combined, prediction) == .supported)
        #expect(try lower(combined.merging(["step": "100"]) { $1 }, prediction) == .refuted)
        // The same record at two places.
        #expect(try lower(combined, combined.merging(["step": "100"]) { $1 }) == .supported)
    }

    @Test("drift along its durations, and at one that is written in another way than it is computed")
    func drift() throws {
        let grows = Claim.Statement.rises(metric: "drift", along: "duration", from: nil, to: nil, where: nil)
        #expect(verdict(grows, try usual()).verdict == .supported)
        let early = Claim.Statement.lower(
            metric: "drift", of: ["objective": "combined", "duration": "0.30"], than: ["objective": "prediction"],
            by: nil)
        #expect(verdict(early, try usual()).verdict == .supported)
        #expect(SweepPoint.Coordinate(axis: "duration", label: "0.300", number: 1 - 0.7).is("0.3"))
        #expect(!SweepPoint.Coordinate(axis: "duration", label: "0.300", number: 1 - 0.7).is("0.31"))
    }

    @Test("a number that is not finite on the way leaves the claim undecided, and it says where")
    func gaps() throws {
        let broken = try records(score: { arm, step in arm == 1 && step == 2 ? .nan : 1 }, drift: { _, _ in 0 })
        let falls = Claim.Statement.falls(
            metric: "frechetDistance", along: "step", from: nil, to: nil, where: ["objective": "combined"])
        let judgement = verdict(falls, broken)
        #expect(judgement.verdict == .undecided && !judgement.asksForSeeds)
        #expect(judgement.reason.hasPrefix("objective=combined,seed=0 has no finite frechetDistance"))
    }
}

extension Record {
    /// The record with other measurements.
    fileprivate func measuring(_ evaluation: Curves) -> Record {
        Record(
            run: run, identity: identity, outcome: outcome, training: training, evaluation: evaluation,
            reference: reference, features: features, drift: drift, samples: samples, provenance: provenance)
    }
}
