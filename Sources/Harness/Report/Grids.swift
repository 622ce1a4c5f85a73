import FlowMaps

extension Record {
    /// Columns of a run's grid: one a class where there are classes to a row's width.
    private static let gridColumns = 10
    /// Screen pixels that a pixel of an image is drawn with, so that an 8×8 image is seen.
    private static func scale(_ image: ImageShape) -> Int { max(1, 48 / max(image.height, image.width)) }

    /// Draws the kept samples of the student; nothing where the data are no images or the run has none.
    func drawGrid(of dataset: Dataset, to path: String) throws {
        guard let samples, let image = dataset.imageShape, let range = dataset.valueRange else { return }
        let grid = ImageGrid(
            samples.student, shape: [samples.count, image.channels, image.height, image.width], valueRange: range,
            columns: Self.gridColumns, scale: Self.scale(image))
        try grid.image.write(
            to: path,
            text: [
                PNGImage.Text("Title", "\(run.study): \(run.point)"), PNGImage.Text("Identity", identity.hex),
            ])
    }

    /// Draws a row of samples for each record, under a row of the teacher's, all from the same noise: the first records' noise
    /// decides. Nothing where the data are no images.
    /// - Returns: the titles of the rows, from the top.
    static func drawComparison(_ records: [Record], to path: String) throws -> [String] {
        let shown = records.filter {
            $0.samples != nil && $0.run.specification.data == records[0].run.specification.data
        }
        guard let first = shown.first, let teacher = first.samples else { return [] }
        let dataset = try first.run.specification.data.load()
        guard let image = dataset.imageShape, let range = dataset.valueRange else { return [] }
        let columns = min(2 * gridColumns, shown.map { $0.samples!.count }.min()!)
        let width = columns * teacher.dimension
        let grid = ImageGrid.stacked(
            rows: [Array(teacher.teacher[..<width])] + shown.map { Array($0.samples!.student[..<width]) },
            imageShape: [image.channels, image.height, image.width], valueRange: range, scale: scale(image))
        let titles = ["teacher"] + shown.map(\.run.point)
        try grid.image.write(
            to: path,
            text: [PNGImage.Text("Title", first.run.study), PNGImage.Text("Rows", titles.joined(separator: "; "))])
        return titles
    }
}
