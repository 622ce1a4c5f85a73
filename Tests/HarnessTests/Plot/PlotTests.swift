import Foundation
import TestSupport
import Testing

@testable import Reporting
@testable import Results
@testable import Study

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
        #expect(plot.caption == "tiny: mean ± standard deviation over seeds 0, 1 (n = 2); 64 samples a score")
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

    @Test("more arms than colours are reported, not dropped in silence")
    func many() throws {
        let records = try (0..<11).map { arm in
            try SampleRecord.make(
                [
                    SampleRecord.coordinate("distribution", "distribution\(arm)"),
                    SampleRecord.coordinate("alpha", "\(1 + arm % 2)"),
                ],
                position: arm)
        }
        let plot = try plot("frechetDistance-along-alpha", SampleResults.make(records))
        #expect(plot.blocks.count == 8)
        #expect(plot.caption == "tiny: one run each (n = 1); 64 samples a score; 3 more arms are in the table")
    }

    @Test("the claims' scores come first")
    func claimed() throws {
        let records = try (0..<2).map { arm in
            try SampleRecord.make(
                [SampleRecord.coordinate("distribution", "distribution\(arm)")], position: arm,
                scores: [("frechetDistance", 1), ("pairedError", 2)])
        }
        let claim = Claim(
            name: "c", says: "It is.",
            statement: .lower(
                metric: "pairedError", of: ["distribution": "law0"], than: ["distribution": "law1"], by: nil))
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
        let quote = "'.sprintf('%c',39).'"
        #expect(script.hasPrefix("data = 'a\(quote)b'\ntitle = 'It\(quote)s so'\n"))
        let accented = Plot(
            name: "x", template: .lines, title: "'\u{301}", caption: "", xLabel: "", yLabel: "",
            blocks: [.init("\"\u{301}", [])])
        #expect(accented.data == "\"'\u{301}\"\n")
        #expect(
            accented.script(dataFile: "", files: []) { _ in "" }.hasPrefix("data = ''\ntitle = '\(quote)\u{301}'\n"))
    }

    /// A record of points in the plane with its ways, and with its samples over training.
    private func planar() throws -> Record {
        var record = try SampleRecord.make(
            [SampleRecord.coordinate("distribution", "a b")],
            samples: SavedSamples(student: [1, 0, -1, 0], teacher: [2, 0, -2, 0], labels: nil, dimension: 2))
        record.overTraining = SampleSnapshots(
            steps: [10, 20], values: [[3, 0, -3, 0], [1, 0, -1, 0]], dimension: 2)
        record.trajectories = Trajectories(
            durations: [0, 1], student: [[9, 1, 2, 3], [1, 0, -1, 0]], teacher: [[9, 1, 2, 3], [2, 0, -2, 0]],
            dimension: 2)
        return record
    }

    @Test("ways from noise to data are lines of the teacher's and of the student's, an empty row between two")
    func trajectories() throws {
        let plot = try plot("trajectories", SampleResults.make([try planar()]))
        #expect(plot.blocks.count == 3 && plot.blocks[0].rows.count == 48 * 48)
        #expect(plot.data.hasSuffix("\"a b\"\n9.0 1.0\n1.0 0.0\n\n2.0 3.0\n-1.0 0.0\n"))
        #expect(plot.caption == "tiny: 2 noises; grey the teacher's path, orange the student's map")
        let titles = plot.settings.first { $0.name == "titles" }
        guard case .text(let text)? = titles?.value else { throw Unexpected() }
        #expect(text == "a\u{A0}b", "a word each")
    }

    private struct Unexpected: Error {}

    @Test("samples of the plane over training are a panel a step, each joined to the teacher's")
    func overTraining() throws {
        let plot = try plot("plane-over-steps", SampleResults.make([try planar()]))
        #expect(plot.blocks.map(\.title) == ["a b, step 10", "a b, step 10", "a b, step 20", "a b, step 20"])
        #expect(plot.data.contains("\n3.0 0.0 2.0 0.0\n-3.0 0.0 -2.0 0.0\n"))
    }

    /// A record of two digits, one of which is lit all over.
    private func digits(_ arm: String) throws -> Record {
        let images = (0..<128).map { Float($0 < 64 ? -1 : 1) }
        return try SampleRecord.make(
            [SampleRecord.coordinate("objective", arm), SampleRecord.coordinate("seed", "0")],
            samples: SavedSamples(student: images, teacher: images.reversed(), labels: nil, dimension: 64),
            yaml: TinyStudy.digits)
    }

    @Test("images are rows of pixels under the teacher's, a column a noise, with a title a row")
    func images() throws {
        let results = SampleResults.make([try digits("prediction"), try digits("combined")])
        let plot = try plot("samples", results)
        #expect(plot.blocks[0].rows.count == (2 * 9 + 1) * (3 * 9 + 1))
        #expect(plot.data.contains("\n1.0 1.0 255.0 255.0 255.0\n") && plot.data.contains("\n1.0 10.0 0.0 0.0 0.0\n"))
        #expect(plot.data.hasSuffix("\"rows\"\n4.5 \"teacher\"\n13.5 \"prediction\"\n22.5 \"combined\"\n"))
        #expect(plot.caption == "tiny: each column is one noise, seed 0")
        #expect(!results.plots().contains { $0.name == "plane" })
    }

    @Test("images sampled in several steps have a figure for each number, of the arms that have it")
    func imagesInSteps() throws {
        let one = try digits("prediction"), images = one.samples!.student
        let several = try SampleRecord.make(
            [SampleRecord.coordinate("objective", "combined"), SampleRecord.coordinate("seed", "0")],
            samples: SavedSamples(
                student: images, teacher: images, labels: nil, dimension: 64,
                inSteps: [.init(steps: 4, values: images.reversed())]), yaml: TinyStudy.digits)
        let plots = SampleResults.make([one, several]).plots().filter { $0.template == .samples }
        #expect(plots.map(\.name) == ["samples", "samples@4"])
        #expect(plots.map(\.title) == ["in 1 step", "in 4 steps"].map { "Samples from the same noise, \($0)" })
        #expect(plots.map { $0.blocks[1].rows.count } == [3, 2])
        #expect(plots[1].data.contains("\n1.0 10.0 255.0 255.0 255.0\n"))
    }

    @Test("a score against the training's cost is a point an arm")
    func cost() throws {
        let records = try [("prediction", 2.0, 3.0), ("combined", 1.0, 9.0)].enumerated().map { position, run in
            try SampleRecord.make(
                [SampleRecord.coordinate("objective", run.0)], position: position,
                scores: [("frechetDistance", run.1)], seconds: run.2)
        }
        let plot = try plot("frechetDistance-against-seconds", SampleResults.make(records))
        #expect(plot.data == "\"prediction\"\n3.0 2.0 2.0 2.0\n\n\n\"combined\"\n9.0 1.0 1.0 1.0\n")
        // 20 steps of 16 rows of 5 passes each: a forward pass, two for the backward one, the derivative and the teacher's.
        #expect(TrainingAxis.passes.total(records[0]) == 1600 && TrainingAxis.samples.total(records[0]) == 320)
    }

    @Test("a study gets the figures that it asks for, and the page says which of them its records cannot show")
    func chosen() throws {
        var results = SampleResults.make(try arms())
        results.figures = [.overTraining(of: "frechetDistance", by: .samples), .bars(of: "frechetDistance"), .drift]
        #expect(results.plots().map(\.name) == ["frechetDistance-of-arms"], "measured once, and without a drift")
        #expect(results.undrawn == ["overTraining", "drift"])
        let page = try Page([.init(results, drawings: [])]).html()
        #expect(
            page.contains("<li>the figure 'drift' that the study asks for: its records have nothing to show"))
    }

    @Test("points of the plane have a density and a line to the teacher's")
    func plane() throws {
        let record = try SampleRecord.make(
            [], samples: SavedSamples(student: [1, 0, -1, 0], teacher: [2, 0, -2, 0], labels: nil, dimension: 2))
        let plot = try plot("plane", SampleResults.make([record]))
        #expect(plot.blocks.map(\.title) == ["teacher", "teacher", "student", "student"])
        #expect(plot.blocks[3].rows.count == 2 && plot.blocks[2].rows.count == 48 * 48)
        let density = plot.blocks[2].rows.map { row in if case .number(let value) = row[2] { value } else { -1.0 } }
        #expect(density.max() == 1 && density.min()! >= 0)
    }
}
