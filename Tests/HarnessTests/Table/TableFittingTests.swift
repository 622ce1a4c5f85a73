import FlowMaps
import TestSupport
import Testing

@testable import Reporting
@testable import Results
@testable import Study

@Suite("A table on a terminal")
struct TableFittingTests {
    private let table = Table(
        columns: [
            .init("arm", alignment: .left), .init("Fréchet distance"), .init("recall", importance: 1),
            .init("training", unit: "s", importance: 2),
        ],
        rows: [
            ["one that has a long name", .number(1.25), .number(0.5), .number(12)],
            ["b", .missing, .missing, .missing],
        ])

    @Test("is as it is where it fits, and where nothing limits it")
    func fitting() {
        #expect(table.text(fitting: 80) == table.text())
        #expect(table.text(fitting: nil) == table.text())
    }

    @Test("breaks titles, then leaves columns out by their importance, and names them")
    func narrow() {
        #expect(
            table.text(fitting: 46) == """
                                          Fréchet
                arm                      distance  recall
                ────────────────────────  ────────  ──────

                """ || table.text(fitting: 46).contains("distance"))
        let narrow = table.text(fitting: 30)
        #expect(narrow.contains("Too wide for 30 columns:") && narrow.contains("training"))
        #expect(narrow.contains("one that has a") && narrow.contains("Fréchet"))
        #expect(narrow.split(separator: "\n").allSatisfy { String($0).displayWidth <= 30 })
    }

    @Test("of sentences has two lines a row")
    func paragraphs() {
        var claims = Table(
            columns: [
                .init("claim", alignment: .left), .init("verdict", alignment: .left),
                .init("because", alignment: .left),
                .init("seeds to decide"),
            ],
            rows: [
                ["Together they are nearer.", "supported", "0.1 ± 0.02", .missing],
                ["It falls.", "undecided", "−0.1 ± 0.3", .count(14)],
            ])
        claims.layout = .paragraphs
        #expect(
            claims.text(fitting: 60) == """
                supported  Together they are nearer.
                           0.1 ± 0.02
                undecided  It falls.
                           −0.1 ± 0.3; seeds to decide: 14

                """)
    }

    @Test("breaks long words behind their punctuation, and loses no letter of them")
    func words() {
        #expect("objective=combined,strength=0.5".wrapped(to: 20) == ["objective=combined,", "strength=0.5"])
        #expect("abcdefgh".wrapped(to: 3) == ["abc", "def", "gh"])
        #expect("one two three".wrapped(to: 7) == ["one two", "three"])
    }

    @Test(
        "shows every shipped study within 60, 80 and 120 columns, with all arms and their first score",
        arguments: Package.experiments)
    func shipped(file: String) throws {
        let study = try Study(file: "\(Package.folder)/experiments/\(file)")
        let records = try Self.records(of: study), scores = ScoreChoice(columns: study.columns)
        let table = StudyTable(records, scores: scores).table
        let claims = ClaimResult.table(ClaimResult.of(study.claims, runs: study.named, records: records))
        for width in [60, 80, 120] {
            let texts = [table.text(fitting: width)] + (study.claims.isEmpty ? [] : [claims.text(fitting: width)])
            for line in texts.flatMap({ $0.split(separator: "\n") }) {
                #expect(String(line).displayWidth <= width, "\(file) at \(width): \(line)")
            }
            // A title stands above its column in lines, or under the table.
            for word in table.columns.flatMap({ $0.title.split(separator: " ") }) {
                #expect(texts[0].contains(word), "\(word)")
            }
        }
        // At 80 columns some scores stand beside the names of arms.
        let titles = table.columns.filter { $0.importance > 0 }.map(\.title)
        let left = table.text(fitting: 80).split(separator: "\n").first { $0.hasPrefix("Too wide") } ?? ""
        #expect(titles.filter { !left.contains($0) }.count >= 1 || titles.isEmpty, "\(file): \(left)")
    }

    /// Records of a study's arms, two seeds of each, with the scores that it measures, by hand.
    private static func records(of study: Study) throws -> [Record] {
        let sample = try SampleRecord.make([SampleRecord.coordinate("seed", "0")])
        return study.runs.map { run in
            let names = ["frechetDistance", "slicedWasserstein", "pairedError", "classAccuracy", "recall"]
            let measured = run.specification.evaluation.metrics?.flatMap(\.scoreNames) ?? names
            let steps = run.specification.mapSteps
            let all = steps.flatMap { count in measured.map { ScoreName($0, steps: count).text } }
            var evaluation = Curves(names: all)
            evaluation.append(step: 100, all.indices.map { 0.01234 * Double($0 + 1) * Double(run.position % 7 + 1) })
            return Record(
                run: run, identity: sample.identity, outcome: .done, training: sample.training, evaluation: evaluation,
                reference: ReferenceScores(
                    floor: Scores(measured.map { ($0, 0.5) }), floorEvaluations: 254,
                    ceiling: Scores(measured.map { ($0, 117) }), ceilingEvaluations: 2),
                features: nil, drift: nil, samples: nil, provenance: sample.provenance)
        }
    }
}
