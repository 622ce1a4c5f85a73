import FlowMaps
import Foundation

extension Page.Section {
    /// Samples by arm, all from the same noise, one shown at a time; nothing where there are no images.
    func grids(number: Int) throws -> HTML {
        let grids = results.grids()
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

    /// The teacher's samples, then those of the first run of each arm with samples, as many as all have.
    func grids() -> [Grid] {
        let sampled = records.filter { $0.samples != nil }
        guard let data = sampled.first?.run.specification.data, let drawing = Drawing(data) else { return [] }
        let arms = StudyTable.arms(
            of: sampled.filter { $0.run.specification.data.isSame(as: data) }, along: StudyTable.axes(of: records)
        ).compactMap(\.records.first)
        let shown = min(arms.map { $0.samples!.count }.min() ?? 0, Self.most)
        guard shown > 0, let teacher = arms.first else { return [] }
        func image(_ samples: [Float]) -> PNGImage {
            let values = samples.prefix(shown * teacher.samples!.dimension)
            return ImageGrid(
                drawing.shown(Array(values)), shape: [shown] + drawing.shape, valueRange: drawing.range,
                columns: Self.columns, scale: drawing.scale
            ).image
        }
        let sampler = teacher.run.specification.evaluation.teacher.sampler.description
        return [
            Grid(title: "teacher", caption: "The teacher in \(sampler).", image: image(teacher.samples!.teacher))
        ]
            + arms.map { record in
                let steps = record.evaluation.steps.last ?? 0
                return Grid(
                    title: record.run.point, caption: "\(record.run.point), after \(steps) steps.",
                    image: image(record.samples!.student))
            }
    }
}
