import Foundation
import Results
import Storage

extension Page.Section {
    /// Samples by arm and by step, all from the same noise, one grid shown at a time; nothing where there are no images.
    func grids(number: Int) throws -> HTML {
        let grids = results.grids()
        guard !grids.isEmpty else { return "" }
        var titles: [String] = []
        for view in grids.flatMap(\.views) where view.title != StudyResults.everyView && !titles.contains(view.title) {
            titles.append(view.title)
        }
        titles = Array(titles.suffix(Self.mostViews))
        let arms = try grids.enumerated().map { index, grid -> HTML in
            let views = try Self.html(grid, views: titles)
            return """
                <input type="radio" name="grid-\(number)" id="grid-\(number)-\(index)"\(Self.mark(index == 0))>
                <label for="grid-\(number)-\(index)">\(grid.title)</label>
                <div class="arm">\(views)</div>
                """
        }
        return """
            <h2>Samples</h2>
            <p>Every arm starts from the same noise: a place in one grid is the same place in all.</p>
            <fieldset class="flick">\(Self.choice(of: titles, number))\(arms)</fieldset>
            """
    }

    /// The choice among the views of every arm: the samples after the training unless another is chosen. With one
    /// view there is nothing to choose.
    private static func choice(of titles: [String], _ number: Int) -> HTML {
        guard titles.count > 1 else { return "" }
        let usual = titles.firstIndex(of: StudyResults.finalView) ?? 0
        let views = titles.enumerated().map { index, title -> HTML in
            """
            <input type="radio" name="view-\(number)" id="view-\(number)-\(index)" \
            class="at-\(index)"\(mark(index == usual))>
            <label for="view-\(number)-\(index)">\(title)</label>
            """
        }
        return "\(views)<span class=\"break\"></span>"
    }

    /// An arm's views, each under its place among the titles, and a word for each view that the arm lacks.
    private static func html(_ grid: StudyResults.Grid, views titles: [String]) throws -> [HTML] {
        if let only = grid.views.first(where: { $0.title == StudyResults.everyView }) {
            return [try html(only, place: "")]
        }
        return try titles.enumerated().map { index, title in
            let place = titles.count > 1 ? "view view-\(index)" : ""
            if let view = grid.views.first(where: { $0.title == title }) { return try html(view, place: place) }
            return
                "<figure class=\"\(place)\"><figcaption>\(grid.title): nothing was kept \(title).</figcaption></figure>"
        }
    }

    private static func html(_ view: StudyResults.Grid.View, place: String) throws -> HTML {
        let image = HTML.image(Data(try view.image.encoded()), type: "png", alternative: "samples: \(view.caption)")
        return "<figure class=\"\(place)\">\(image)<figcaption>\(view.caption)</figcaption></figure>"
    }

    private static func mark(_ isChosen: Bool) -> HTML { isChosen ? " checked" : "" }

    /// The largest number of views that the style supports.
    static let mostViews = 16
}
