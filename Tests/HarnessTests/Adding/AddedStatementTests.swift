import FlowMaps
import TestSupport
import Testing

@testable import Execution
@testable import Reporting
@testable import Results
@testable import Specification
@testable import Study

/// Every number of an arm is below a limit, a statement that only this test has.
private struct BelowStatement: ClaimStatement {
    static let name = "below"
    let metric: String
    let of: [String: String]
    let limit: Double

    var arms: [(key: String, arm: [String: String])] { [("of", of)] }

    func tests(of sample: ClaimSample, confidence: Double) -> [PairedTest] {
        let numbers = sample.selecting(of).values(metric, apartFrom: []).flatMap(\.values).map(\.number)
        return PairedTest.list("a number − \(limit)", numbers.map { $0 - limit }, confidence: confidence)
    }
}

@Suite("A statement that is added")
struct AddedStatementTests {
    private static let study =
        TinyStudy.planar + """
            claims:
              good: {says: It is good., below: {metric: recall, of: {objective: combined}, limit: 1000}}
              better: {says: It is better., below: {metric: recall, of: {objective: combined}, limit: -1000}}

            """

    private func withStatement<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await Claim.Statement.$kinds.withValue(Claim.Statement.kinds + [BelowStatement.self], operation: body)
    }

    @Test("is unknown until it is listed, and then checked like the others")
    func names() async throws {
        let unknown = #expect(throws: SpecError.self) { try Study(yaml: Self.study, file: "study.yaml") }
        #expect(unknown?.description.contains("'below'") == true)
        try await withStatement {
            let misspelt = Self.study.changing("combined}, limit: 1000", to: "combind}, limit: 1000")
            let error = #expect(throws: SpecError.self) { try Study(yaml: misspelt, file: "study.yaml") }
            #expect(error?.description.contains("in claims.good.below.of") == true, "\(error?.description ?? "")")
        }
    }

    @Test("is kept beside the records, tested with them, and stands in the schema")
    func tested() async throws {
        let folder = TemporaryFolder(), results = ResultsFolder(folder.file("results"))
        try await withStatement {
            let study = try Study(yaml: Self.study, file: "study.yaml")
            _ = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
            let read = try StudyResults.read(results.study("tiny"))
            #expect(read.claims == study.claims)
            let verdicts = ClaimResult.of(read.claims, runs: read.runs, records: read.records).map(\.verdict)
            #expect(verdicts == [.supported, .refuted])
        }
    }
}
