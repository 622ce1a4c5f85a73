import FlowMaps
import Results
import Storage
import Study

extension Plot {
    /// Kept images, all from the same noise: a row of the teacher's and one an arm, a column a noise; a figure for each number of
    /// steps that students were sampled in. None where there are no images.
    static func samples(_ records: [Record]) -> [Plot] {
        let sampled = records.filter { $0.lengths.samples != nil }
        guard let data = sampled.first?.run.specification.data, let drawing = Drawing(data) else { return [] }
        let alike = sampled.filter { $0.run.specification.data.isSame(as: data) }
        let counts = Set(alike.flatMap(\.lengths.steps)).sorted()
        return counts.compactMap { steps in
            samples(alike.filter { $0.lengths.steps.contains(steps) }, in: steps, of: counts, records, drawing)
        }
    }

    private static func samples(
        _ sampled: [Record], in steps: Int, of counts: [Int], _ records: [Record], _ drawing: Drawing
    ) -> Plot? {
        let all = PlotArm.all(of: sampled, along: StudyTable.axes(of: records))
        let arms = all.prefix(mostRows - 1).map { (title: $0.title, record: $0.records[0]) }
            // A record may have gone since its lengths were known.
            .filter { $0.record.samples?.student(in: steps) != nil }
        guard !arms.isEmpty else { return nil }
        let columns = arms.map { $0.record.samples!.count }.reduce(mostColumns, min)
        let first = arms[0].record.samples!
        let rows = [("teacher", first.teacher)] + arms.map { ($0.title, $0.record.samples!.student(in: steps)!) }
        let image = ImageGrid.stacked(
            rows: rows.map { drawing.shown(Array($0.1.prefix(columns * first.dimension))) },
            imageShape: drawing.shape, valueRange: drawing.range, padding: 1, padValue: 0.5
        ).image
        let left = min(0.45, Double(24 + 7 * (rows.map(\.0.count).max() ?? 0)) / Double(width))
        let (cell, side) = (drawing.shape[1] + 1, max(drawing.shape[1], drawing.shape[2]))
        let drawn = Double(width) * (0.99 - left) * Double(image.height) / Double(image.width)
        let height = (drawn + above + below).rounded()
        let how = counts.count > 1 ? (steps == 1 ? ", in 1 step" : ", in \(steps) steps") : ""
        return Plot(
            name: steps == 1 ? "samples" : "samples@\(steps)", template: .samples,
            title: "Samples from the same noise\(how)",
            caption: samplesCaption(arms[0].record, leftOut: all.count - arms.count), xLabel: "", yLabel: "",
            blocks: [
                Block("pixels", pixels(of: image)),
                Block(
                    "rows",
                    rows.enumerated().map { [.number(Double(cell * $0) + 0.5 * Double(cell)), .text($1.0)] }),
            ],
            // A square a pixel stays sharp; of large images that would be a large file.
            settings: [
                ("left", .number(left)), ("top", .number(1 - above / height)),
                ("bottom", .number(below / height)), ("sharp", .truth(side <= mostSharp)),
            ],
            size: (width: width, height: Int(height)))
    }

    /// Pixels of the title and of the caption.
    private static let above = 44.0, below = 36.0
    private static let mostRows = 12, mostColumns = 10, width = 640
    /// Images of more pixels across are drawn as one picture.
    private static let mostSharp = 16

    private static func samplesCaption(_ record: Record, leftOut: Int) -> String {
        let seed = record.run[Study.seedAxis].map { ", seed \($0)" } ?? ""
        let more = leftOut > 0 ? "; \(leftOut) more arms are not shown" : ""
        return "\(record.run.study): each column is one noise\(seed)\(more)"
    }

    /// x, y and red, green and blue in 0...255, from the upper left.
    private static func pixels(of image: PNGImage) -> [[Value]] {
        let channels = image.color.channels
        return (0..<image.width * image.height).map { place in
            let color = (0..<3).map { Double(image.pixels[place * channels + ($0 < channels ? $0 : 0)]) }
            return ([Double(place % image.width), Double(place / image.width)] + color).map { .number($0) }
        }
    }
}

extension SamplesFigure: DrawnFigure {
    package func plots(_ records: [Record]) -> [Plot] { Plot.samples(records) }
}
