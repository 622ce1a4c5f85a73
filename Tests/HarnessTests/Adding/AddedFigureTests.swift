import FlowMaps
import TestSupport
import Testing

@testable import Execution
@testable import Reporting
@testable import Results
@testable import Specification
@testable import Study

/// The number of runs as a bar, a figure that only this test has.
private struct CountFigure: DrawnFigure {
    static let name = "runCount"
    let title: String

    func plots(_ records: [Record]) -> [Plot] {
        [
            Plot(
                name: Self.name, template: .bars, title: title, caption: "", xLabel: "", yLabel: "runs",
                blocks: [Plot.Block("runs", [["all", .number(Double(records.count))]])])
        ]
    }
}

@Suite("A figure that is added")
struct AddedFigureTests {
    private static let study = TinyStudy.planar + "figures: [{runCount: {title: How many}}]\n"

    private func withFigure<Value>(_ body: () async throws -> Value) async throws -> Value {
        try await FigureChoice.$kinds.withValue(FigureChoice.kinds + [CountFigure.self], operation: body)
    }

    @Test("is unknown until it is listed, and then among the names of an error")
    func names() async throws {
        let unknown = #expect(throws: SpecError.self) { try Study(yaml: Self.study, file: "study.yaml") }
        #expect(unknown?.description.contains("unknown case 'runCount' for figures[0]") == true)
        try await withFigure {
            let misspelt = Self.study.changing("runCount", to: "runCont")
            let error = #expect(throws: SpecError.self) { try Study(yaml: misspelt, file: "study.yaml") }
            #expect(error?.description.contains("did you mean 'runCount'?") == true, "\(error?.description ?? "")")
        }
    }

    @Test("is kept beside the records, and drawn from them")
    func drawn() async throws {
        let folder = TemporaryFolder(), results = ResultsFolder(folder.file("results"))
        try await withFigure {
            let study = try Study(yaml: Self.study, file: "study.yaml", changes: .init(seeds: "0"))
            _ = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
            let read = try StudyResults.read(results.study("tiny"))
            #expect(read.figures == [FigureChoice(CountFigure(title: "How many"))])
            #expect(read.plots().map(\.title) == ["How many"] && read.undrawn == [])
        }
    }

    @Test("each that is listed is drawn")
    func complete() {
        #expect(FigureChoice.kinds.allSatisfy { $0 is any DrawnFigure.Type })
    }
}
