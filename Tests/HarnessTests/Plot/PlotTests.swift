import Foundation
import TestSupport
import Testing

@testable import Harness

@Suite("Figures are chosen by a study's axes")
struct PlotTests {
    private func plot(_ name: String, _ results: StudyResults) throws -> Plot {
        let plots = results.plots()
        return try #require(plots.first { $0.name == name }, "\(plots.map(\.name))")
    }

    private func arms() throws -> [Record] {
        try [("prediction", 0, 2.0), ("prediction", 1, 4.0), ("combined", 0, 1.0), ("combined", 1, 1.0)].enumerated()
            .map { position, run in
                try SampleRecord.make(
                    [SampleRecord.coordinate("objective", run.0), SampleRecord.coordinate("seed", "\(run.1)")],
                    position: position, scores: [("frechetDistance", run.2)])
            }
    }

    @Test("an axis of numbers is gone along; an arm that it does not apply to lies flat across")
    func numericAxis() throws {
        let plot = try plot(
            "frechetDistance-along-strength", SampleResults.make(try SampleResults.conditional()))
        let deviation = 2.0.squareRoot(), flat = 0.5.squareRoot()
        #expect(
            plot.data == """
                "meanFlow"
                0.0 2.0 \(2 - deviation) \(2 + deviation)
                0.5 6.0 \(6 - deviation) \(6 + deviation)


                "freeflow"
                0.0 1.0 \(1 - flat) \(1 + flat)
                0.5 1.0 \(1 - flat) \(1 + flat)

                """)
        #expect(plot.caption == "tiny: mean ± standard deviation over seeds 0, 1 (n = 2)")
        #expect(plot.xLabel == "strength" && plot.yLabel == "Fréchet distance")
    }

    @Test("named arms are bars, with a point a seed")
    func namedArms() throws {
        let plot = try plot("frechetDistance-of-arms", SampleResults.make(try arms()))
        #expect(
            plot.data == """
                "means"
                1.0 "prediction" 3.0 \(2.0.squareRoot())
                2.0 "combined" 1.0 0.0


                "seeds"
                0.96 2.0
                1.04 4.0
                1.96 1.0
                2.04 1.0

                """)
    }

    @Test("what diverged is in no figure, and of nothing there is none")
    func diverged() throws {
        let wild = try SampleRecord.make(
            [SampleRecord.coordinate("objective", "wild"), SampleRecord.coordinate("seed", "0")], position: 9,
            outcome: .diverged(step: 1, cause: "x"))
        let plot = try plot("frechetDistance-of-arms", SampleResults.make(try arms() + [wild]))
        #expect(!plot.data.contains("wild"))
        #expect(SampleResults.make([wild]).plots().isEmpty)
    }

    @Test("more arms than colours are told, not dropped in silence")
    func many() throws {
        let records = try (0..<11).map { arm in
            try SampleRecord.make(
                [SampleRecord.coordinate("law", "law\(arm)"), SampleRecord.coordinate("alpha", "\(1 + arm % 2)")],
                position: arm)
        }
        let plot = try plot("frechetDistance-along-alpha", SampleResults.make(records))
        #expect(plot.blocks.count == 8)
        #expect(plot.caption == "tiny: one run each (n = 1); 3 more arms are in the table")
    }

    @Test("the claims' scores come first")
    func claimed() throws {
        let records = try (0..<2).map { arm in
            try SampleRecord.make(
                [SampleRecord.coordinate("law", "law\(arm)")], position: arm,
                scores: [("frechetDistance", 1), ("pairedError", 2)])
        }
        let claim = Claim(
            name: "c", says: "It is.",
            statement: .lower(metric: "pairedError", of: ["law": "law0"], than: ["law": "law1"], by: nil))
        let names = SampleResults.make(records, claims: [claim]).plots().map(\.name)
        #expect(names.prefix(2) == ["pairedError-of-arms", "frechetDistance-of-arms"])
    }

    @Test("quotation marks and line breaks of a label do not leave their place")
    func quoting() throws {
        let plot = Plot(
            name: "x", template: .lines, title: "It's\nso", caption: "", xLabel: "", yLabel: "",
            blocks: [.init("a \"b\"\n1 2", [[.number(.nan), .number(.infinity)]])])
        #expect(plot.data == "\"a 'b' 1 2\"\nNaN NaN\n")
        let script = plot.script(dataFile: "a'b", files: []) { _ in "" }
        #expect(script.hasPrefix("data = 'a''b'\ntitle = 'It''s so'\n"))
    }

    @Test("points of the plane have a density and a line to the teacher's")
    func plane() throws {
        let record = try SampleRecord.make(
            [], samples: KeptSamples(student: [1, 0, -1, 0], teacher: [2, 0, -2, 0], labels: nil, dimension: 2))
        let plot = try plot("plane", SampleResults.make([record]))
        #expect(plot.blocks.map(\.title) == ["teacher", "teacher", "student", "student"])
        #expect(plot.blocks[3].rows.count == 2 && plot.blocks[2].rows.count == 48 * 48)
        let density = plot.blocks[2].rows.map { row in if case .number(let value) = row[2] { value } else { -1.0 } }
        #expect(density.max() == 1 && density.min()! >= 0)
    }
}
