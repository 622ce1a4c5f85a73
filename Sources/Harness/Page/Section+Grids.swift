import FlowMaps
import Foundation

extension Page.Section {
    /// Samples by arm, all from the same noise, one shown at a time; nothing where there are no images.
    func grids(number: Int) throws -> HTML {
        let grids = try results.grids()
        guard !grids.isEmpty else { return "" }
        let parts = try grids.enumerated().map { index, grid -> HTML in
            let image = HTML.image(
                Data(try grid.image.encoded()), type: "png", alternative: "samples of \(grid.title)")
            let isShown: HTML = index == 0 ? " checked" : ""
            return """
                <input type="radio" name="grid-\(number)" id="grid-\(number)-\(index)"\(isShown)>
                <label for="grid-\(number)-\(index)">\(grid.title)</label>
                <figure>\(image)<figcaption>\(grid.caption)</figcaption></figure>
                """
        }
        return """
            <h2>Samples</h2>
            <p>Every arm starts from the same noise: a place in one grid is the same place in all.</p>
            <fieldset class="flick">\(parts)</fieldset>
            """
    }
}

extension StudyResults {
    struct Grid {
        let title, caption: String
        let image: PNGImage
    }

    /// Images in a row, and at most.
    private static let columns = 10, most = 40
    /// Screen pixels of a small image along an axis.
    private static let imagePixels = 48

    /// The teacher's samples, then those of the first run of each arm with samples, as many as all have.
    func grids() throws -> [Grid] {
        guard let data = records.first(where: { $0.samples != nil })?.run.specification.data else { return [] }
        let arms = StudyTable.arms(
            of: records.filter { $0.samples != nil && $0.run.specification.data == data },
            along: StudyTable.axes(of: records)
        ).compactMap(\.records.first)
        // A set that is not on this machine has no say over the rest of the report.
        guard let dataset = try? data.load(), let shape = dataset.imageShape, let range = dataset.valueRange,
            let first = arms.first, let count = arms.map({ $0.samples!.count }).min(), count > 0
        else { return [] }
        let shown = min(count, Self.most)
        func image(_ values: [Float]) -> PNGImage {
            ImageGrid(
                Array(values.prefix(shown * shape.channels * shape.height * shape.width)),
                shape: [shown, shape.channels, shape.height, shape.width], valueRange: range, columns: Self.columns,
                scale: max(1, Self.imagePixels / max(shape.height, shape.width))
            ).image
        }
        let sampler = first.run.specification.evaluation.teacher.sampler.description
        return [
            Grid(title: "teacher", caption: "The teacher in \(sampler).", image: image(first.samples!.teacher))
        ]
            + arms.map { record in
                Grid(
                    title: record.run.point,
                    caption: "\(record.run.point), after \(record.evaluation.steps.last ?? 0) steps.",
                    image: image(record.samples!.student))
            }
    }
}
