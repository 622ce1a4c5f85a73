import Tensors
import Foundation
import TestSupport
import Testing

@testable import Study

@Suite("Paired differences")
struct PairedDifferenceTests {
    /// Printed tables give quantiles to three decimals.
    private static let tableRounding = 6e-4

    @Test(
        "have the quantiles of Student's t",
        arguments: [
            (1, 0.975, 12.706), (2, 0.975, 4.303), (4, 0.975, 2.776), (4, 0.995, 4.604), (9, 0.95, 1.833),
            (30, 0.975, 2.042), (120, 0.9, 1.289),
        ])
    func quantiles(_ row: (degrees: Int, share: Double, value: Double)) {
        let distribution = StudentT(degrees: row.degrees)
        #expect(abs(distribution.quantile(row.share) - row.value) < Self.tableRounding)
        #expect(abs(distribution.quantile(1 - row.share) + row.value) < Self.tableRounding)
        #expect(abs(distribution.cumulative(distribution.quantile(row.share)) - row.share) < 1e-13)
    }

    @Test("of one degree of freedom follow the arctangent's distribution")
    func cauchy() {
        for t in [-7.0, -0.5, 0, 0.25, 3] {
            let exact = 0.5 + atan(t) / .pi
            #expect(abs(StudentT(degrees: 1).cumulative(t) - exact) < 1e-13)
        }
    }

    private static let studies = 4_000
    /// Three standard errors of a share that is 0.05, over the studies.
    private static let shareError = 3 * (0.05 * 0.95 / Double(studies)).squareRoot()

    @Test(
        "cover the true mean as often as they say, and call a difference where there is none no more often",
        arguments: [3, 5, 10])
    func coverage(seeds: Int) {
        let draws = RandomKey(seed: 11).folding(seeds).normal(count: Self.studies * seeds)
        var (covered, below, above) = (0, 0, 0)
        for study in 0..<Self.studies {
            let differences = draws[(study * seeds)..<((study + 1) * seeds)].map { 3 * Double($0) + 0.7 }
            let found = PairedDifference(differences, confidence: 0.95)
            if found.interval!.contains(0.7) { covered += 1 }
            switch found.side(of: 0.7) {
            case .below: below += 1
            case .above: above += 1
            case .unknown: break
            }
        }
        #expect(abs(Double(covered) / Double(Self.studies) - 0.95) < Self.shareError)
        #expect(below + above == Self.studies - covered)
        // Half of the errors on either side.
        #expect(abs(Double(below) / Double(Self.studies) - 0.025) < Self.shareError)
    }

    @Test("say how many seeds would decide: with so many, four studies in five do")
    func power() throws {
        let (mean, deviation) = (1.0, 1.5)
        // A sample with exactly this mean and deviation.
        let pilot = PairedDifference([mean - deviation, mean, mean + deviation], confidence: 0.95)
        let seeds = try #require(pilot.seedsNeeded(against: 0))
        let draws = RandomKey(seed: 5).normal(count: Self.studies * seeds)
        let decided = (0..<Self.studies).count { study in
            let differences = draws[(study * seeds)..<((study + 1) * seeds)].map { deviation * Double($0) + mean }
            return PairedDifference(differences, confidence: 0.95).side(of: 0) == .above
        }
        let share = Double(decided) / Double(Self.studies)
        #expect(share > 0.75 && share < 0.9, "\(share) of the studies with \(seeds) seeds decide")
    }

    @Test("of one seed say nothing of their spread")
    func single() {
        let found = PairedDifference([-3], confidence: 0.95)
        #expect(found.interval == nil)
        #expect(found.side(of: 0) == .unknown)
        #expect(found.seedsNeeded(against: 0) == nil)
    }

    @Test("that are all equal have an interval of no width")
    func equal() {
        let found = PairedDifference([-1, -1, -1], confidence: 0.95)
        #expect(found.interval == -1 ... -1)
        #expect(found.side(of: 0) == .below)
    }
}
