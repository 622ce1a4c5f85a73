import Foundation
import Results
import Study
import TestSupport
import Testing

/// Whether `make test-all` asked for the tests that train for minutes.
private let runsSlowTests = ProcessInfo.processInfo.environment["ABLATE_SLOW_TESTS"] != nil

@Suite("What the quickstart shows", .enabled(if: runsSlowTests, "make test-all runs it"))
struct QuickstartOutcomeTests {
    /// A student in one step is to be this much nearer to the teacher than the teacher's own one Euler step.
    static let shareOfCeiling = 0.2
    /// Correction alone keeps its samples recognisable: three in four (found: 0.82, of the teacher's 0.95), where a class guessed is one in
    /// ten.
    static let recognisable = 0.75
    /// Correction alone loses the pairing with the teacher's solution: at least twice the paired error of prediction (found: 6).
    static let driftsBy = 2.0

    @Test("Students are far nearer to the teacher than one Euler step; correction alone keeps classes and drifts")
    func outcome() throws {
        try withTemporaryFolder { folder in
            let run = try AblateProcess(
                ["run", Package.folder + "/experiments/quickstart.yaml", "--results", "results"], in: folder)
            try #require(run.code == 0, "\(run.errors)")
            let (records, unreadable) = try ResultsFolder("").records(of: folder + "/results/quickstart")
            #expect(unreadable.isEmpty)
            #expect(records.count == 18)
            func scores(_ arm: String) -> [Scores] {
                records.filter { $0.run["objective"] == arm }.map(\.evaluation.last)
            }
            let ceiling = try #require(records[0].reference.ceiling["frechetDistance"])
            for student in scores("prediction") + scores("combined") {
                #expect(try #require(student["frechetDistance"]) < Self.shareOfCeiling * ceiling)
            }
            let paired = try scores("prediction").map { try #require($0["pairedError"]) }.max()!
            for student in scores("correction") {
                #expect(try #require(student["classAccuracy"]) > Self.recognisable)
                #expect(try #require(student["pairedError"]) > Self.driftsBy * paired)
            }
        }
    }
}
