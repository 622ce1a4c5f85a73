import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Reporting
@testable import Results
@testable import Storage
@testable import Study

@Suite("Grids of samples")
struct GridsTests {
    let folder = TemporaryFolder()

    /// A record of the digits whose student draws every pixel as one value and whose teacher as another.
    private func record(_ arm: String, seed: Int = 0, student: Float, teacher: Float = 0, count: Int = 3) throws
        -> Record
    {
        func images(_ value: Float) -> [Float] { [Float](repeating: value, count: count * 64) }
        return try SampleRecord.make(
            [.init(axis: "objective", label: arm, number: nil), SampleRecord.coordinate("seed", "\(seed)")],
            samples: SavedSamples(
                student: images(student), teacher: images(teacher), labels: Array(0..<count), dimension: 64),
            yaml: TinyStudy.digits)
    }

    /// The grey in the middle of an image of a grid, where images are 48 pixels wide with 2 between them.
    private func grey(_ image: PNGImage, row: Int, column: Int) -> UInt8 {
        image.pixels[(26 + 50 * row) * image.width + 26 + 50 * column]
    }

    @Test("compare runs under a row of the teacher's, and say so in the file")
    func comparison() throws {
        let path = folder.file("grid.png")
        let titles = try Record.drawComparison(
            [try record("prediction", student: 1), try record("combined", student: -1, count: 2)], to: path)
        #expect(titles == ["teacher", "objective=prediction,seed=0", "objective=combined,seed=0"])
        let (image, text) = try PNGImage.read(path)
        #expect(
            text == [
                PNGImage.Text("Title", "tiny"),
                PNGImage.Text("Rows", "teacher; objective=prediction,seed=0; objective=combined,seed=0"),
            ])
        // As many columns as the record with the fewest samples has.
        try #require(image.width == 2 * 50 + 2 && image.height == 3 * 50 + 2)
        for column in 0..<2 {
            #expect(grey(image, row: 0, column: column) == 128, "the teacher is first")
            #expect(grey(image, row: 1, column: column) == 255)
            #expect(grey(image, row: 2, column: column) == 0)
        }
    }

    @Test("of a record without samples give way, and so does that of a study")
    func stale() throws {
        let results = ResultsFolder(folder.path), run = try record("combined", student: 1)
        try ResultsFolder.create(results.study("tiny"))
        let path = folder.file("grid.png")
        try run.drawGrid(to: path)
        let without = try SampleRecord.make([SampleRecord.coordinate("seed", "0")], yaml: TinyStudy.digits)
        try without.drawGrid(to: path)
        #expect(folder.names() == ["grid.aside-1.png", "tiny"])
        let first = try results.summarise("tiny", [run])
        #expect(first.paths.last == "\(folder.path)/tiny/grid.png")
        let second = try results.summarise("tiny", [without])
        #expect(second.paths.map { ($0 as NSString).lastPathComponent } == ["table.csv", "table.md"])
        #expect(!FileManager.default.fileExists(atPath: "\(folder.path)/tiny/grid.png"))
    }

    @Test("of a study show one run an arm: the first that has samples")
    func arms() throws {
        let results = ResultsFolder(folder.path)
        try ResultsFolder.create(results.study("tiny"))
        let diverged = try SampleRecord.make(
            [.init(axis: "objective", label: "wild", number: nil), SampleRecord.coordinate("seed", "0")],
            outcome: .diverged(step: 1, cause: "x"), yaml: TinyStudy.digits)
        let records = [
            try record("combined", student: 1), try record("combined", seed: 1, student: 0), diverged,
            try record("wild", seed: 1, student: -1),
        ]
        let (_, paths) = try results.summarise("tiny", records)
        #expect(paths == ["table.csv", "table.md", "grid.png"].map { "\(results.study("tiny"))/\($0)" })
        #expect(paths.allSatisfy { FileManager.default.fileExists(atPath: $0) })
        let text = try PNGImage.read(paths[2]).text
        #expect(text.last == PNGImage.Text("Rows", "teacher; objective=combined,seed=0; objective=wild,seed=1"))
    }

    @Test("are not drawn of points, of nothing, and without samples")
    func nothing() throws {
        let path = folder.file("grid.png")
        let points = try SampleRecord.make(
            [], samples: SavedSamples(student: [1, 2], teacher: [1, 2], labels: nil, dimension: 2))
        #expect(try Record.drawComparison([points], to: path) == [])
        #expect(try Record.drawComparison([try SampleRecord.make([])], to: path) == [])
        try points.drawGrid(to: path)
        #expect(folder.names() == [])
    }
}
