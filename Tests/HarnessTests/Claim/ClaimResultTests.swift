import Tensors
import TestSupport
import Testing

@testable import Results
@testable import Study

@Suite("Claims judged")
struct JudgementTests {
    private typealias Arm = [String: String]

    /// Records of arms over three seeds: the value of an arm and a seed, in the order of the arms.
    private func records(
        axis: String, _ arms: [String], floor: Double = 0.125, _ value: (Int, Int) -> Double
    ) throws -> [Record] {
        try arms.indices.flatMap { arm in
            try (0..<3).map { seed in
                try SampleRecord.make(
                    [SampleRecord.coordinate(axis, arms[arm]), SampleRecord.coordinate("seed", "\(seed)")],
                    position: 3 * arm + seed, scores: [("frechetDistance", value(arm, seed))], floor: floor)
            }
        }
    }

    private func verdict(_ statement: Claim.Statement, _ records: [Record]) -> ClaimResult {
        let claim = Claim(name: "claim", says: "It is so.", statement: statement)
        return ClaimResult.of([claim], runs: records.map(\.run), records: records)[0]
    }

    private let lower = Claim.Statement.lower(
        metric: "frechetDistance", of: ["objective": "combined"], than: ["objective": "prediction"], by: nil)

    @Test("one arm below another: pairs by seed see through what the seeds share")
    func lowerArm() throws {
        // Seeds differ by 10, arms by 1.
        let shared = { (arm: Int, seed: Int) in 10 * Double(seed) - Double(arm) + 0.01 * Double(seed * arm) }
        let found = verdict(lower, try records(axis: "objective", ["prediction", "combined"], shared))
        #expect(found.verdict == .supported)
        #expect(found.deciding?.difference.differences.count == 3)
        let turned = try records(axis: "objective", ["combined", "prediction"], shared)
        #expect(verdict(lower, turned).verdict == .refuted)
        let noisy = try records(axis: "objective", ["prediction", "combined"]) { arm, seed in
            arm == 0 ? 1 : 1 + [-0.5, 0.1, -0.1][seed]
        }
        let undecided = verdict(lower, noisy)
        #expect(undecided.verdict == .undecided)
        #expect(undecided.seedsNeeded! > 3)
    }

    @Test("a margin is asked for beyond the difference")
    func margin() throws {
        let statement = Claim.Statement.lower(
            metric: "frechetDistance", of: ["objective": "combined"], than: ["objective": "prediction"], by: 0.5)
        let slightly = try records(axis: "objective", ["prediction", "combined"]) { arm, seed in
            (arm == 0 ? 1 : 0.75) + 0.001 * Double(seed)
        }
        #expect(verdict(lower, slightly).verdict == .supported)
        #expect(verdict(statement, slightly).verdict == .refuted)
    }

    @Test("arms that are alike differ by less than a part, either way")
    func alike() throws {
        let alike = Claim.Statement.alike(
            metric: "frechetDistance", of: ["objective": "combined"], to: ["objective": "prediction"], within: 0.1)
        func found(_ value: Double) throws -> ClaimResult.Verdict {
            let arms = try records(axis: "objective", ["prediction", "combined"]) { arm, seed in
                (arm == 0 ? 1 : value) + 0.001 * Double(seed)
            }
            return verdict(alike, arms).verdict
        }
        #expect(try [1.05, 0.95, 1.2, 0.8].map(found) == [.supported, .supported, .refuted, .refuted])
    }

    @Test("a rise along an axis is in its numbers' order, not in that of the file")
    func rise() throws {
        let rising = Claim.Statement.rises(metric: "frechetDistance", along: "strength", from: nil, to: nil, where: nil)
        let found = try records(axis: "strength", ["1", "0", "0.5"]) { arm, seed in
            [3, 1, 2][arm] + 0.05 * Double((arm + seed) % 3)
        }
        #expect(verdict(rising, found).verdict == .supported)
        let falling = try records(axis: "strength", ["0", "0.5", "1"]) { arm, seed in
            -Double(arm) + 0.05 * Double(seed * arm)
        }
        #expect(verdict(rising, falling).verdict == .refuted)
    }

    @Test("flatness asks every value along the range to stay near the first")
    func flat() throws {
        let flat = Claim.Statement.flat(
            metric: "frechetDistance", along: "alpha", from: 0.3, to: 3, within: 0.1, where: nil)
        func found(_ values: [Double]) throws -> ClaimResult.Verdict {
            verdict(
                flat,
                try records(axis: "alpha", ["0.1", "0.3", "1", "3", "10"]) { arm, seed in
                    values[arm] * (1 + 0.001 * Double((seed + arm) % 3))
                }
            ).verdict
        }
        #expect(try found([5, 1, 1.02, 0.9, 7]) == .supported)
        #expect(try found([5, 1, 1.02, 1.3, 7]) == .refuted)
        #expect(try found([5, 1, 1.1, 1, 7]) == .undecided)
    }

    @Test("near the floor is judged against the teacher's own score")
    func floor() throws {
        let near = Claim.Statement.nearFloor(metric: "frechetDistance", of: ["objective": "combined"], within: 0.05)
        func found(_ value: Double) throws -> ClaimResult.Verdict {
            verdict(
                near,
                try records(axis: "objective", ["combined"], floor: 2) { _, seed in value + 0.001 * Double(seed) }
            ).verdict
        }
        #expect(try found(2.05) == .supported)
        #expect(try found(2.2) == .refuted)
    }

    @Test("the lowest place counts with its neighbours within the tolerance")
    func lowest() throws {
        let statement = Claim.Statement.lowest(
            metric: "frechetDistance", along: "location", at: 0.8, tolerance: 0.4, where: nil)
        func found(_ values: [Double]) throws -> ClaimResult.Verdict {
            verdict(
                statement,
                try records(axis: "location", ["0", "0.4", "0.8", "1.6"]) { arm, seed in
                    values[arm] + 0.001 * Double((seed * (arm + 1)) % 3)
                }
            ).verdict
        }
        #expect(try found([3, 1, 2, 3]) == .supported)
        #expect(try found([0, 1, 2, 3]) == .refuted)
    }

    @Test("a place is within the tolerance where its decimals are, whatever binary fractions make of them")
    func tolerance() throws {
        let numbers = try records(axis: "to", ["0.4", "0.7", "0.85", "1"]) { arm, seed in
            [3, 2, 1, 3][arm] + 0.001 * Double((seed * (arm + 1)) % 3)
        }
        func found(within tolerance: Double) -> ClaimResult.Verdict {
            let statement = Claim.Statement.lowest(
                metric: "frechetDistance", along: "to", at: 0.7, tolerance: tolerance, where: nil)
            return verdict(statement, numbers).verdict
        }
        #expect(found(within: 0.15) == .supported && found(within: 0.14) == .refuted)
    }

    @Test("runs that are missing or failed leave a claim undecided, and it says which")
    func gaps() throws {
        var records = try records(axis: "objective", ["prediction", "combined"]) { arm, seed in -Double(arm) }
        let runs = records.map(\.run)
        let claim = Claim(name: "claim", says: "It is so.", statement: lower)
        let lost = records.removeLast()
        let missing = ClaimResult.of([claim], runs: runs, records: records)[0]
        #expect(missing.verdict == .undecided)
        #expect(missing.reason == "objective=combined,seed=2 has no record")
        records.append(
            try SampleRecord.make(
                lost.run.coordinates, position: 5, outcome: .diverged(step: 2, cause: "loss is nan")))
        let diverged = ClaimResult.of([claim], runs: runs, records: records)[0]
        #expect(diverged.verdict == .undecided)
        #expect(diverged.reason == "objective=combined,seed=2 diverged at step 2")
    }

    @Test("many claims ask for more each: a study of nulls seldom finds anything")
    func family() throws {
        let studies = 300, claims = 5
        let claimed = (0..<claims).map { index in
            Claim(
                name: "claim\(index)", says: "It is so.",
                statement: .lower(
                    metric: "frechetDistance", of: ["objective": "a\(index)"], than: ["objective": "b\(index)"], by: nil
                ))
        }
        let arms = (0..<claims).flatMap { ["a\($0)", "b\($0)"] }
        let template = try records(axis: "objective", arms) { _, _ in 0 }
        var erring = 0
        for study in 0..<studies {
            let draws = RandomKey(seed: 3).folding(study).normal(count: template.count)
            let found = zip(template, draws).map { $0.scoring(Double($1)) }
            let evaluated = ClaimResult.of(claimed, runs: template.map(\.run), records: found)
            if evaluated.contains(where: { $0.verdict != .undecided }) { erring += 1 }
        }
        // Three standard errors above 5 %.
        #expect(Double(erring) / Double(studies) < 0.05 + 3 * (0.05 * 0.95 / Double(studies)).squareRoot())
        #expect(erring > 0)
    }
}

extension Record {
    /// The record with another Fréchet distance.
    func scoring(_ value: Double) -> Record {
        var evaluation = Curves(names: ["frechetDistance"])
        evaluation.append(step: 20, [value])
        return Record(
            run: run, identity: identity, outcome: outcome, training: training, evaluation: evaluation,
            reference: reference, features: features, drift: drift, samples: samples, provenance: provenance)
    }
}
