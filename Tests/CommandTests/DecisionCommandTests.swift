import Foundation
import TestSupport
import Testing

@Suite("ablate run --until-decided", .serialized)
struct DecisionCommandTests {
    let folder = TemporaryFolder()

    /// Two arms that are the same: no number of seeds makes one lower, and the fewest find them alike.
    private static let study =
        TinyStudy.planar.changing("    prediction: {student: {method: {freeflow: {secondTerm: ~}}}}\n", to: "")
        .changing("    combined: {}", to: "    one: {}\n    other: {}") + """
            claims:
              lower: {says: One is lower., lower: {metric: pairedError, of: {objective: one}, than: {objective: other}}}
              alike: {says: They are alike., alike: {metric: pairedError, of: {objective: one}, to: {objective: other}, within: 0.1}}

            """

    private func ablate(_ arguments: String...) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path)
    }

    @Test("adds seeds up to the most; they belong to the study from then on")
    func adds() throws {
        try folder.write(Self.study, "tiny.yaml")
        let run = try ablate("run", "tiny.yaml", "--until-decided", "--most-seeds", "4")
        #expect(run.code == 0, "\(run.errors)")
        #expect(run.errors.contains(" of 2 claims undecided with 2 seeds; adding seeds 2\n"))
        #expect(run.errors.contains("1 of 2 claims undecided with 3 seeds; adding seeds 3\n"))
        #expect(run.errors.hasSuffix("1 of 2 claims undecided with 4 seeds, which are as many as there may be\n"))
        #expect(run.output.contains("Wrote results/tiny/<8 runs>/run.h5\n"))
        #expect(run.output.contains("supported  They are alike.") && run.output.contains("undecided  One is lower."))
        let files = try folder.files().filter { $0.key.hasSuffix(".h5") }
        let again = try ablate("run", "tiny.yaml")
        #expect(again.errors.hasSuffix("pieces of work are done already.\n"))
        #expect(again.output == run.output, "the same table and verdicts")
        #expect(try ablate("plan", "tiny.yaml").output.hasSuffix("Nothing is left to do.\n"))
        let why = try ablate("why", "tiny.yaml").output
        #expect(why.contains("objective=one,seed=2: done\n") && !why.contains("not in the study"))
        #expect(try ablate("show", "results/tiny").output.contains("(n 4)"))
        #expect(try folder.files().filter { $0.key.hasSuffix(".h5") } == files)
    }

    @Test("goes with neither --seeds, --only nor Slurm; --most-seeds only with it")
    func usage() throws {
        try folder.write(Self.study, "tiny.yaml")
        for arguments in [
            ["--until-decided", "--seeds", "0..3"], ["--until-decided", "--only", "objective=one"],
            ["--until-decided", "--launcher", "slurm"], ["--most-seeds", "4"],
            ["--until-decided", "--most-seeds", "1"],
        ] {
            let refused = try AblateProcess(["run", "tiny.yaml"] + arguments, in: folder.path)
            #expect(refused.code == 64, "\(arguments): \(refused.errors)")
        }
        try folder.write(TinyStudy.planar, "plain.yaml")
        let plain = try ablate("run", "plain.yaml", "--until-decided")
        #expect(plain.code == 65 && plain.errors.contains("the study has no claims"))
        #expect(folder.names() == ["plain.yaml", "tiny.yaml"])
    }
}
