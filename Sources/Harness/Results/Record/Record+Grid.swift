import FlowMaps
import Specification
import Storage
import Study

extension Record {
    /// The number of columns of a run's grid.
    private static let gridColumns = 10
    /// Draws the saved samples of the student, for its record's writer to bring to the disk. Where the data are not images or the run has no samples, nothing is
    /// drawn, and the grid of another record is removed.
    package func drawGrid(to path: String) throws {
        guard let samples, let drawing = Drawing(run.specification.data) else {
            _ = try ResultsFolder.setAside(path)
            return
        }
        let grid = ImageGrid(
            drawing.shown(samples.student), shape: [samples.count] + drawing.shape, valueRange: drawing.range,
            columns: Self.gridColumns, scale: drawing.scale)
        try grid.image.write(
            to: path,
            text: [
                PNGImage.Text("Title", "\(run.study): \(run.point)"), PNGImage.Text("Identity", identity.hex),
            ], isDurable: false)
    }

    /// Draws a row of samples for each record, under a row of the teacher's, all from the same noise: the first records' noise
    /// decides. Nothing where the data are no images.
    /// - Returns: the titles of the rows, from the top.
    package static func drawComparison(_ records: [Record], to path: String) throws -> [String] {
        let shown = records.filter {
            $0.samples != nil && $0.run.specification.data.isSame(as: records[0].run.specification.data)
        }
        guard let first = shown.first, let teacher = first.samples else { return [] }
        guard let drawing = Drawing(first.run.specification.data) else { return [] }
        let columns = min(2 * gridColumns, shown.map { $0.samples!.count }.min()!)
        let width = columns * teacher.dimension
        let grid = ImageGrid.stacked(
            rows: ([teacher.teacher] + shown.map(\.samples!.student)).map { drawing.shown(Array($0[..<width])) },
            imageShape: drawing.shape, valueRange: drawing.range, scale: drawing.scale)
        let titles = ["teacher"] + shown.map(\.run.point)
        try grid.image.write(
            to: path,
            text: [PNGImage.Text("Title", first.run.study), PNGImage.Text("Rows", titles.joined(separator: "; "))])
        return titles
    }
}
