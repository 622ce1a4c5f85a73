import FlowMaps
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Specification
@testable import Study

/// Points on a circle, a kind of data that only this test has.
private struct CircleFormat: DatasetFormat {
    static let name = "circle"
    let count: Int

    enum CodingKeys: String, CodingKey, CaseIterable { case count }

    var image: ImageShape? { nil }
    var classCount: Int { 0 }
    var valueRange: ClosedRange<Float>? { -1...1 }
    var isPlanar: Bool { true }

    func load() -> Dataset {
        Dataset(
            name: Self.name, samples: (0..<count).flatMap { $0.isMultiple(of: 2) ? [1, 0] as [Float] : [0, 1] },
            dimension: 2)
    }
}

@Suite("A kind of data that is added")
struct AddedFormatTests {
    private static let study = TinyStudy.planar.changing(
        "{planar: {set: eightGaussians, count: 200}}", to: "{circle: {count: 30}}")

    private func withCircle<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await DatasetSource.$formats.withValue(DatasetSource.formats + [CircleFormat.self], operation: body)
    }

    @Test("is unknown until it is listed, and then among the names of an error")
    func names() async throws {
        let unknown = #expect(throws: SpecError.self) { try Study(yaml: Self.study, file: "study.yaml") }
        #expect(unknown?.description.contains("unknown case 'circle' for base.data") == true)
        try await withCircle {
            let misspelt = Self.study.changing("{circle:", to: "{circel:")
            let error = #expect(throws: SpecError.self) { try Study(yaml: misspelt, file: "study.yaml") }
            #expect(error?.description.contains("latents, circle") == true)
            #expect(error?.description.contains("did you mean 'circle'?") == true, "\(error?.description ?? "")")
        }
    }

    @Test("is trained on, and stands in the records that are read again")
    func run() async throws {
        let folder = TemporaryFolder(), results = ResultsFolder(folder.file("results"))
        try await withCircle {
            let study = try Study(yaml: Self.study, file: "study.yaml", changes: .init(seeds: "0"))
            _ = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
            let (records, unreadable) = try results.records(of: results.study("tiny"))
            #expect(unreadable.isEmpty && records.count == 2)
            #expect(records.allSatisfy { ($0.run.specification.data.format as? CircleFormat)?.count == 30 })
            #expect(records.allSatisfy { $0.evaluation.last["energyDistance"] != nil }, "as all of the plane")
        }
    }
}
