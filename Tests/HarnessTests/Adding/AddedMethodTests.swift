import FlowMaps
import TestSupport
import Testing

@testable import Execution
@testable import Reporting
@testable import Results
@testable import Specification
@testable import Study

@Suite("A method that is added")
struct AddedMethodTests {
    /// The velocity of the teacher at states of the data, a method that only this test has.
    private static let toy = Method(
        "teacherFlow", main: Method.meanFlowFromTeacher.main, sampling: Method.meanFlowFromTeacher.sampling)

    @Test("is found in a study, trained, and stands in the table and the export by its name")
    func everywhere() async throws {
        let folder = TemporaryFolder(), results = ResultsFolder(folder.file("results"))
        let yaml = TinyStudy.planar.changing("combined: {}", to: "added: {student: {method: teacherFlow}}")
        let unknown = #expect(throws: SpecError.self) { try Study(yaml: yaml, file: "study.yaml") }
        #expect(unknown?.description.contains("unknown case 'teacherFlow'") == true)
        try await Method.$listed.withValue(Method.listed + [Self.toy]) {
            let study = try Study(yaml: yaml, file: "study.yaml", changes: .init(seeds: "0"))
            #expect(study.runs.contains { $0.specification.student.method.name == "teacherFlow" })
            _ = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
            let (records, unreadable) = try results.records(of: results.study("tiny"))
            #expect(unreadable.isEmpty)
            let added = try #require(records.first { $0.run["objective"] == "added" })
            #expect(added.run.specification.student.method == Self.toy)
        }
    }
}
