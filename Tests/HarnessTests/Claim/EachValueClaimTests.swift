import TestSupport
import Testing

@testable import Results
@testable import Study

@Suite("A claim that is tested at each value of an axis")
struct EachValueClaimTests {
    private let lower = Claim.Statement.lower(
        metric: "frechetDistance", of: ["objective": "combined"], than: ["objective": "prediction"], by: nil)

    /// The verdict over two teachers and three seeds, where combined is below prediction by a number for each teacher.
    private func verdict(_ gains: [Double], each: String?) throws -> ClaimResult {
        var records: [Record] = []
        for (arm, objective) in ["prediction", "combined"].enumerated() {
            for teacher in 0..<2 {
                for seed in 0..<3 {
                    records.append(
                        try SampleRecord.make(
                            [("objective", objective), ("sharedSeed", "\(teacher)"), ("seed", "\(seed)")].map {
                                SampleRecord.coordinate($0.0, $0.1)
                            }, position: records.count,
                            scores: [("frechetDistance", 5 - Double(arm) * (gains[teacher] + 0.01 * Double(seed)))]))
                }
            }
        }
        let claim = Claim(name: "claim", says: "It is so.", statement: lower, each: each)
        return ClaimResult.of([claim], runs: records.map(\.run), records: records)[0]
    }

    @Test("is supported where each supports it, and its interval is that of the weakest")
    func supported() throws {
        let found = try verdict([2, 1], each: "sharedSeed")
        #expect(found.verdict == .supported)
        #expect(found.deciding?.label.hasPrefix("sharedSeed=1: ") == true)
        #expect(found.deciding?.difference.differences.count == 3)
        #expect(try verdict([2, 1], each: nil).deciding?.difference.differences.count == 6)
    }

    @Test("is undecided where one does not decide it, and refuted where one refutes it")
    func notSupported() throws {
        #expect(try verdict([2, -0.01], each: "sharedSeed").verdict == .undecided)
        #expect(try verdict([2, -1], each: "sharedSeed").verdict == .refuted)
    }

    @Test("names an axis of the study that it does not name itself, and not the seeds")
    func reading() throws {
        func refusal(_ each: String) -> String {
            let claim =
                "  it: {says: It is., each: \(each), lower: {metric: frechetDistance, of: {objective: combined}, than: {objective: prediction}}}"
            do {
                _ = try Study(yaml: TinyStudy.planar + "claims:\n" + claim + "\n", file: "study.yaml")
                return "nothing was refused"
            } catch { return "\(error)" }
        }
        #expect(refusal("teacher").contains("unknown axis 'teacher' in claims.it.each"))
        #expect(refusal("objective").contains("an axis of the claim itself"))
        #expect(refusal("seed").contains("the seeds"))
    }
}
