import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Study

@Suite("The classes that samples are made of")
struct EvaluationClassesTests {
    private static func yaml(_ classes: String) -> String {
        TinyStudy.digits.changing("seed: [0, 1]", to: "seed: [0]").changing("    combined: {}\n", to: "").changing(
            "measurements: 2", to: "measurements: 1\n    classes: \(classes)")
    }

    private func study(_ yaml: String) throws -> Study { try Study(yaml: yaml, file: "study.yaml") }

    private func noise(
        _ classes: EvaluationClasses?, count: Int = 3000, purpose: String = "evaluation", seed: Int = 0,
        isShared: Bool = false
    ) throws -> [Int] {
        let data = TrainingData(try Dataset.digits())
        let noise = EvaluationNoise(
            purpose, count: count, data: data, seed: seed, classes: classes, hasClassShares: isShared)
        return try #require(noise.labels)
    }

    @Test("are even where a study says nothing, and drawn from the shared seed where it says random")
    func drawn() throws {
        let inTurn = (0..<3000).map { $0 % 10 }
        #expect(try noise(nil) == inTurn)
        #expect(try noise(.even) == inTurn)
        let drawn = try noise(.random)
        #expect(try noise(.random) == drawn)
        #expect(try noise(.random, seed: 1) != drawn)
        #expect(try noise(.random, purpose: "reference") != drawn)
        // Uniform: Σ (n − 300)² / 300 has 9 degrees of freedom; above 27.9 once in a thousand.
        let counts = (0..<10).map { label in drawn.count { $0 == label } }
        #expect(counts.reduce(0.0) { $0 + pow(Double($1) - 300, 2) / 300 } < 27.9, "\(counts)")
    }

    @Test("drawn beside a score against the data, they are those of random rows")
    func shares() throws {
        let labels = try #require(try Dataset.digits().labels)
        let drawn = try noise(.random, count: 20000, isShared: true)
        for label in 0..<10 {
            let share = Double(labels.count { $0 == label }) / Double(labels.count)
            // Four standard errors.
            #expect(
                abs(Double(drawn.count { $0 == label }) / 20000 - share) < 4
                    * (share * (1 - share) / 20000).squareRoot())
        }
    }

    @Test("stand in the record, which is another than that of even ones, made by the same training")
    func recorded() async throws {
        let folder = TemporaryFolder(), results = ResultsFolder(folder.path)
        let random = try study(Self.yaml("random"))
        let endings = try await Runner(Plan(random, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(endings.allSatisfy { $0.stageResult == .done }, "\(endings.map(\.stageResult))")
        let record = try Record.read(results.record(random.runs[0]))
        #expect(try record.samples?.labels == Array(noise(.random, count: 64).prefix(8)))
        let isFinite = record.evaluation.last.values.allSatisfy(\.isFinite)
        #expect(isFinite)
        let even = RunStage(run: try study(Self.yaml("even")).runs[0]), drawn = RunStage(run: random.runs[0])
        #expect(even.student.identity == drawn.student.identity)
        #expect(even.identity != drawn.identity && even.reference.identity != drawn.reference.identity)
        withExtendedLifetime(folder) {}
    }

    @Test("are refused of data that have none")
    func refused() throws {
        let planar = TinyStudy.planar.changing("measurements: 2", to: "measurements: 2\n    classes: random")
        let error = #expect(throws: (any Error).self) { try study(planar) }
        #expect("\(error!)".contains("base.evaluation.classes\n  found: random"), "\(error!)")
        #expect("\(error!)".contains("as the data have no classes"))
    }
}
