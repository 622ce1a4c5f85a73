import FlowMaps
import TestSupport
import Testing

@testable import Execution
@testable import Reporting
@testable import Results
@testable import Storage
@testable import Study

@Suite("Search in a study")
struct SearchStudyTests {
    private static func searching(_ yaml: String, verifier: String, budgets: String = "[7, 20]") -> String {
        yaml.changing(
            "    savedSamples: 8",
            to: "    savedSamples: 8\n    search: {budgets: \(budgets), samples: 20, verifier: \(verifier), "
                + "sampler: {heun: {steps: 4}}, neighbours: 2, radius: 0.5}")
    }

    private static let planar = searching(TinyStudy.planar, verifier: "logLikelihood")

    private func study(_ yaml: String) throws -> Study { try Study(yaml: yaml, file: "study.yaml") }

    private func refusal(_ yaml: String) -> String {
        do {
            _ = try study(yaml)
            return "accepted"
        } catch { return "\(error)" }
    }

    @Test(
        "is carried out, and stands in the record as it was found",
        arguments: [
            planar, searching(TinyStudy.planar, verifier: "nearestFeature"),
            searching(TinyStudy.digits, verifier: "classProbability", budgets: "[14, 40]"),
        ])
    func record(yaml: String) async throws {
        let folder = TemporaryFolder(), results = ResultsFolder(folder.path), study = try study(yaml)
        let endings = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(endings.allSatisfy { $0.stageResult == .done })
        let record = try Record.read(results.record(study.runs[0]))
        let search = try #require(record.search), asked = study.runs[0].specification.evaluation.search
        #expect(search.budgets == asked?.budgets)
        #expect(search.lines.map(\.strategy) == Search.Strategy.allCases)
        for line in search.lines {
            #expect(zip(line.evaluations, search.budgets).allSatisfy { $0 <= $1 })
            #expect(line.score.allSatisfy(\.isFinite) && line.distance.count == 2)
        }
        // At the smallest budget there is one noise for all, and nothing to choose.
        #expect(Set(search.lines.map { $0.score[0] }).count == 1)
        #expect(search.lines[2].score[1] > search.lines[2].score[0], "the best of several is better than one")
        let transfer = try #require(record.evaluation.last["transfer"])
        #expect(abs(transfer) <= 1)
        #expect(try RecordDiff(record, Record.read(results.record(study.runs[0]))).isBitwiseSame)
        try exports(of: StudyResults.read(results.study("tiny")), search, in: folder)
        withExtendedLifetime(folder) {}
    }

    /// What was found stands in the table of the searches, among the measurements, and in the block for xarray.
    private func exports(of study: StudyResults, _ search: SearchCurves, in folder: TemporaryFolder) throws {
        let table = StudyTable.overBudgets("searchScore", study.records)
        #expect(table.columns.count == 2 + 2 && table.rows.count == 2 * Search.Strategy.allCases.count)
        #expect(StudyTable.searchScoreNames(of: study.records) == ["searchScore", "searchDistance"])
        let first = search.lines[0].score[0]
        #expect(study.measurements.csv.contains(",search,steps searchScore,,,,\(search.budgets[0]),\(first)\r\n"))
        try study.writeHDF5(to: folder.file("study.h5"))
        try HDF5File.read(folder.file("study.h5")) { root in
            let scores = try root.dataset("search/searchScore")
            #expect(try scores.dimensions() == ["objective", "seed", "strategy", "budget"])
            #expect(try scores.values(as: Double.self).values[0] == first)
        }
    }

    @Test("changes the run's identity alone, and absent leaves it as it was")
    func identity() throws {
        let (plain, searched) = (try study(TinyStudy.planar).runs[0], try study(Self.planar).runs[0])
        #expect(RunStage(run: plain).identity != RunStage(run: searched).identity)
        #expect(RunStage(run: plain).reference.identity == RunStage(run: searched).reference.identity)
    }

    @Test("claims speak of its strategies, its budgets and the transfer")
    func claims() throws {
        let claims = """
            claims:
              found: {says: It finds., lower: {metric: searchScore, of: {strategy: steps, budget: 7}, than: {strategy: student}}}
              transfers: {says: It transfers., lower: {metric: transfer, of: {objective: combined}, than: {objective: prediction}}}
              more: {says: More is more., rises: {metric: searchScore, along: budget, where: {strategy: bestOf}}}

            """
        #expect(try study(Self.planar + claims).claims.count == 3)
        let unknown = refusal(Self.planar + claims.replacing("{strategy: steps, budget: 7}", with: "{strategy: step}"))
        #expect(unknown.contains("unknown value 'step' of axis 'strategy' in claims.found.lower.of"), "\(unknown)")
        #expect(unknown.contains("did you mean 'steps'?"))
        #expect(refusal(TinyStudy.planar + claims).contains("unknown metric 'searchScore' in claims.found"))
    }

    @Test("a verifier without what it needs is refused, and a budget that pays for no sample")
    func refusals() {
        let mixture = refusal(Self.planar.changing("{set: eightGaussians, count: 200}", to: "{set: rings, count: 200}"))
        #expect(mixture.contains("base.evaluation.search.verifier") && mixture.contains("eightGaussians"), "\(mixture)")
        let classes = refusal(Self.searching(TinyStudy.planar, verifier: "classProbability"))
        #expect(classes.contains("allowed: features of a classifier beside it"), "\(classes)")
        let poor = refusal(Self.searching(TinyStudy.planar, verifier: "logLikelihood", budgets: "[6]"))
        #expect(poor.contains("at least the 7 evaluations that the sampler takes"), "\(poor)")
    }
}
