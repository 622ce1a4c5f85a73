import Tensors
import TestSupport
import Testing

@testable import Results
@testable import Specification
@testable import Study

@Suite("Looks at claims while seeds are added")
struct LooksTests {
    /// Sums of shares that are fractions of small numbers.
    private static let rounding = 1e-12

    private func all(from seeds: [Int], most: Int) -> InterimAnalyses {
        var interimAnalyses = InterimAnalyses(at: seeds, most: most)
        while let next = interimAnalyses.adding(most: most) { interimAnalyses = next }
        return interimAnalyses
    }

    @Test("grow by half each time up to the most, and spend in proportion to the seeds")
    func sizes() {
        let interimAnalyses = all(from: [0, 1, 2], most: 12)
        #expect(interimAnalyses.taken.map(\.seeds.count) == [3, 5, 8, 12])
        for (look, share) in zip(interimAnalyses.taken, [0.25, 2 / 12.0, 0.25, 4 / 12.0]) {
            #expect(abs(look.share - share) < Self.rounding)
        }
        #expect(interimAnalyses.own == [0, 1, 2] && interimAnalyses.added == Array(3..<12))
        #expect(interimAnalyses.text == "--until-decided added seeds 3, 4, 5, 6, 7, 8, 9, 10, 11")
        #expect(InterimAnalyses(at: [0, 1], most: 2).adding(most: 2) == nil)
        #expect(InterimAnalyses(at: [4, 1], most: 9).adding(most: 9)?.seeds == [4, 1, 5])
        #expect(InterimAnalyses(at: [0], most: 4).taken[0].share == 0, "one seed tests nothing")
        #expect(InterimAnalyses(at: [0, 1, 2], most: 2).taken[0].share == 1, "no more looks, nothing to save for")
    }

    @Test("never spend more than there is, whatever the most becomes on the way", arguments: [4, 7, 30])
    func change(later: Int) {
        var interimAnalyses = InterimAnalyses(at: [0, 1, 2], most: 6)
        interimAnalyses = interimAnalyses.adding(most: 6) ?? interimAnalyses
        while let next = interimAnalyses.adding(most: later) { interimAnalyses = next }
        #expect(interimAnalyses.taken.reduce(0) { $0 + $1.share } <= 1 + Self.rounding)
    }

    /// Studies of one claim over twelve seeds, whose differences are drawn around a mean.
    private func verdicts(
        mean: Double, studies: Int, _ evaluator: ([Claim], [Record]) -> ClaimResult.Verdict
    ) throws -> [ClaimResult.Verdict] {
        let claim = Claim(
            name: "claim", says: "It is so.",
            statement: .lower(metric: "frechetDistance", of: ["arm": "a"], than: ["arm": "b"], by: nil))
        let template = try ["a", "b"].flatMap { arm in
            try (0..<12).map { seed in
                try SampleRecord.make([
                    SampleRecord.coordinate("arm", arm), SampleRecord.coordinate("seed", "\(seed)"),
                ])
            }
        }
        return (0..<studies).map { study in
            let draws = RandomKey(seed: 17).folding(study).normal(count: template.count)
            let records = zip(template, draws).map { record, draw in
                record.scoring(Double(draw) + (record.run["arm"] == "a" ? mean : 0))
            }
            return evaluator([claim], records)
        }
    }

    @Test("find nothing where there is nothing as often as one look does, and peeking without a rule does not")
    func errors() throws {
        let studies = 600, interimAnalyses = all(from: [0, 1, 2], most: 12)
        let sound = try verdicts(mean: 0, studies: studies) { claims, records in
            ClaimResult.of(claims, runs: records.map(\.run), records: records, interimAnalyses: interimAnalyses)[0]
                .verdict
        }
        let peeking = try verdicts(mean: 0, studies: studies) { claims, records in
            let seen = interimAnalyses.taken.map { look in
                records.filter { record in look.seeds.contains { record.run["seed"] == "\($0)" } }
            }
            return seen.map { ClaimResult.of(claims, runs: $0.map(\.run), records: $0)[0].verdict }
                .first { $0 != .undecided } ?? .undecided
        }
        func share(_ verdicts: [ClaimResult.Verdict]) -> Double {
            Double(verdicts.count { $0 != .undecided }) / Double(studies)
        }
        // Three standard errors of a share of 5 %.
        let error = 3 * (0.05 * 0.95 / Double(studies)).squareRoot()
        #expect(share(sound) < 0.05 + error && share(sound) > 0, "\(share(sound))")
        #expect(share(peeking) > 0.05 + error, "\(share(peeking)): the test could not tell a sound rule")
    }

    @Test("decide large differences early, and what is decided stays so")
    func decided() throws {
        let found = try verdicts(mean: -4, studies: 100) { claims, records in
            ClaimResult.of(
                claims, runs: records.map(\.run), records: records, interimAnalyses: all(from: [0, 1, 2], most: 12))[0]
                .verdict
        }
        #expect(found.count { $0 == .supported } > 90)
        // Decided by the first three seeds; those after them speak against it.
        let turned = try verdicts(mean: 0, studies: 1) { claims, records in
            let turning = records.map { record in
                let seed = Double(record.run["seed"]!)!, sign = seed < 3 ? -1.0 : 1
                return record.scoring(record.run["arm"] == "a" ? sign * (10 + 0.01 * seed) : 0)
            }
            return ClaimResult.of(
                claims, runs: turning.map(\.run), records: turning, interimAnalyses: all(from: [0, 1, 2], most: 12))[0]
                .verdict
        }
        #expect(turned == [.supported])
    }
}

@Suite("A study whose seeds are added to")
struct AddedSeedsTests {
    private static let claimed =
        TinyStudy.planar + """
            claims:
              one: {says: It is so., lower: {metric: pairedError, of: {objective: combined}, than: {objective: prediction}}}

            """

    private func study(_ yaml: String, _ interimAnalyses: InterimAnalyses? = nil) throws -> Study {
        try Study(yaml: yaml, file: "study.yaml", changes: .init(interimAnalyses: interimAnalyses))
    }

    private func refusal(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "nothing was refused"
        } catch { return "\(error)" }
    }

    @Test("has their runs, says where they come from, and leaves the identities of the others as they were")
    func runs() throws {
        let before = try study(Self.claimed),
            interimAnalyses = try #require(try before.interimAnalyses(most: 6).adding(most: 6))
        #expect(interimAnalyses.seeds == [0, 1, 2])
        let after = try study(Self.claimed, interimAnalyses)
        #expect(after.runs.map { $0["seed"] } == ["0", "1", "2", "0", "1", "2"])
        #expect(after.origin.changes == ["--until-decided added seeds 2"])
        let identities = Dictionary(
            uniqueKeysWithValues: after.runs.map { ($0.point, RunStage(run: $0).identity) })
        for run in before.runs { #expect(identities[run.point] == RunStage(run: run).identity) }
        #expect(try StudyDocument(SpecTree(yaml: after.resolved, file: "r"), sections: ["claims"]).name == "tiny")
    }

    @Test("is refused without claims, without seeds, and with seeds that are no list")
    func refused() throws {
        #expect(
            refusal { _ = try study(TinyStudy.planar).interimAnalyses(most: 4) }
                == "study.yaml:1:1: nothing is to be decided: the study has no claims\n  allowed: claims")
        let seedless = Self.claimed.changing("  seed: [0, 1]\n", to: "")
        #expect(
            refusal { _ = try study(seedless).interimAnalyses(most: 4) }
                == "study.yaml:1:1: no seeds that others could be added to\n  "
                + "allowed: an axis of seeds, such as seed: [0, 1, 2]")
        let written = Self.claimed.changing("  seed: [0, 1]\n", to: "  seed: {path: seed, values: [0, 1]}\n")
        let interimAnalyses = try #require(InterimAnalyses(at: [0, 1], most: 4).adding(most: 4))
        #expect(refusal { _ = try study(written, interimAnalyses) }.contains("seeds cannot be added to axes.seed"))
    }
}
