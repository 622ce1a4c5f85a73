import FlowMaps
import TestSupport
import Testing

@testable import Execution
@testable import Reporting
@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

@Suite("A metric that is added")
struct AddedMetricTests {
    /// The mean square of the numbers over that of the reference, a metric that only this test has.
    private static let toy = Metric(
        "power", comparing: .sets, on: .samples,
        by: Scoring("power") { reference in
            reference.set.map { set in
                func square(_ numbers: [Float]) -> Double { numbers.reduce(0) { $0 + Double($1 * $1) } }
                return { [square($0.samples) / square(set.samples)] }
            }
        })
    private static let study = TinyStudy.planar.changing(
        "projections: 8", to: "projections: 8\n    metrics: [energyDistance, power, {power: {reference: data}}]")

    @Test("is unknown until it is listed, and then among the names of an error")
    func names() throws {
        let unknown = #expect(throws: SpecError.self) { try Study(yaml: Self.study, file: "study.yaml") }
        #expect(unknown?.description.contains("'power'") == true)
        Metric.$listed.withValue(Metric.listed + [Self.toy]) {
            let misspelt = Self.study.changing("power,", to: "powr,")
            let error = #expect(throws: SpecError.self) { try Study(yaml: misspelt, file: "study.yaml") }
            #expect(error?.description.contains("did you mean 'power'?") == true, "\(error?.description ?? "")")
        }
    }

    @Test("is measured against the teacher and the data, and stands in the records, the table and the export")
    func everywhere() async throws {
        let folder = TemporaryFolder(), results = ResultsFolder(folder.file("results"))
        try await Metric.$listed.withValue(Metric.listed + [Self.toy]) {
            let study = try Study(yaml: Self.study, file: "study.yaml", changes: .init(seeds: "0"))
            _ = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
            let (records, unreadable) = try results.records(of: results.study("tiny"))
            #expect(unreadable.isEmpty && records.count == 2)
            for record in records {
                #expect(record.evaluation.names == ["energyDistance", "power", "power.data"])
                #expect(try #require(record.evaluation.last["power"]) > 0)
            }
            let titles = StudyTable(records, scores: .all).table.columns.map(\.title)
            #expect(titles.contains("power") && titles.contains("power against data"))
            let export = folder.file("study.h5")
            try StudyResults.read(results.study("tiny")).writeHDF5(to: export)
            let dimensions = try HDF5File.read(export) { try $0.dataset("evaluation/power.data").dimensions() }
            #expect(!dimensions.isEmpty)
        }
    }
}
