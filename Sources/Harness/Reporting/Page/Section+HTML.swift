import Foundation
import Results
import Storage
import Study

extension Page.Section {
    /// The study's part of the page.
    /// - Parameter number: of the section in the page, for names that are unique in it.
    func html(number: Int) throws -> HTML {
        """
        <section id="study-\(number)">
        <h1>\(results.name)</h1>
        <p class="question">\(results.question ?? "The folder of results does not say what the study asks.")</p>
        \(warnings)
        \(claims)
        <h2>Scores</h2>
        \(tables)
        \(try figures())
        \(try grids(number: number))
        \(specification)
        \(provenance)
        </section>
        """
    }

    /// The records, runs and figures that are missing from the report.
    private var warnings: HTML {
        let leftOut = results.leftOut.map { omission -> HTML in "<li>\(omission.description)</li>" }
        let missing = results.missing.map { point -> HTML in "<li>\(point) has left no record</li>" }
        let undrawn = results.undrawn.map { figure -> HTML in
            "<li>the figure '\(figure)' that the study asks for: its records have nothing to show in it</li>"
        }
        guard !(leftOut + missing + undrawn).isEmpty else { return "" }
        return "<div class=\"warning\"><strong>Not in this report</strong><ul>\(leftOut + missing + undrawn)</ul></div>"
    }

    private var claims: HTML {
        let claimResults = results.claimResults
        guard !claimResults.isEmpty else { return "" }
        let items = claimResults.map { result -> HTML in
            let seeds = result.seedsNeeded.map { "; likely decided with \($0) seeds" } ?? ""
            return """
                <li class="\(result.verdict.rawValue)"><span class="verdict">\(result.verdict.rawValue)</span>
                \(result.claim.says)<span class="because">\(result.reason)\(seeds)</span></li>
                """
        }
        return """
            <h2>Claims</h2>
            <p>Differences are paired by seed and below zero where the claim holds; the intervals are paired t intervals, corrected
            for the number of claims of the study (\(claimResults.count)).</p>
            <ul class="claims">\(items)</ul>
            """
    }

    private func figures() throws -> HTML {
        guard !drawings.isEmpty else { return "" }
        let parts = try drawings.map { drawing -> HTML in
            guard let bytes = FileManager.default.contents(atPath: drawing.svg) else {
                throw FileError(path: drawing.svg, attempt: "read the figure back")
            }
            let image = HTML.image(bytes, type: "svg+xml", alternative: drawing.plot.title)
            return """
                <figure>\(image)<figcaption>\(drawing.plot.title). \(drawing.plot.caption)\(data(of: drawing.plot))\
                </figcaption></figure>
                """
        }
        return "<h2>Figures</h2>\n<div class=\"figures\">\(parts)</div>"
    }

    /// A link that saves the figure's numbers; nothing for pictures.
    private func data(of plot: Plot) -> HTML {
        guard let csv = plot.csv else { return "" }
        let content = HTML(markup: Data(csv.utf8).base64EncodedString())
        return " <a class=\"data\" download=\"\(plot.fileName).csv\" href=\"data:text/csv;base64,\(content)\">CSV</a>"
    }

    private var tables: HTML {
        let main = StudyTable(results.records, scores: results.scores).table.html(
            caption: "Means ± standard deviation over seeds")
        let training = results.overTraining.map { score, table in
            table.html(caption: "\(StudyTable.title(score)) over training")
        }
        let all = StudyTable(results.records, scores: .all).table
        let drift: HTML =
            StudyTable.drift(results.records).map { table -> HTML in
                "<details><summary>Drift</summary>\(table.html(caption: "How far from the teacher's path"))</details>"
            } ?? ""
        let every: HTML =
            StudyTable.hasMore(results.records)
            ? "<details><summary>Every score</summary>\(all.html(caption: "All that was measured"))</details>" : ""
        let course: HTML =
            training.isEmpty ? "" : "<details><summary>Over training</summary>\(training)</details>"
        return "\(main)\n\(every)\n\(course)\n\(drift)"
    }
}

extension StudyResults {
    /// Each score in one step at each measurement of the training, where there is more than one.
    public var overTraining: [(score: String, table: Table)] {
        guard records.contains(where: { $0.evaluation.steps.count > 1 }) else { return [] }
        var names: [String] = []
        for name in records.flatMap(\.evaluation.names) where ScoreName(name).steps == 1 && !names.contains(name) {
            names.append(name)
        }
        return names.map { ($0, StudyTable.overTraining($0, records)) }
    }
}
