import Foundation
import Results
import Specification

/// A report: one HTML page that shows studies without a network, and without a script.
package struct Page: Sendable {
    /// The part of a page about one study.
    package struct Section: Sendable {
        package let results: StudyResults
        package let drawings: [Plotter.Drawing]

        package init(_ results: StudyResults, drawings: [Plotter.Drawing]) {
            (self.results, self.drawings) = (results, drawings)
        }
    }

    let sections: [Section]
    /// Studies without results, each with the reason.
    let absent: [MarkdownReport.Absence]

    /// A page of at least one study.
    package init(_ sections: [Section], absent: [MarkdownReport.Absence] = []) {
        precondition(!sections.isEmpty, "a page of no study")
        (self.sections, self.absent) = (sections, absent)
    }

    /// The page; the same for the same records and figures.
    /// - Throws: `FileError` where a figure cannot be read back, `PNGError` for samples that cannot be drawn.
    package func html() throws -> String {
        let title = sections.map(\.results.name).joined(separator: ", ")
        let parts = try sections.enumerated().map { try $0.element.html(number: $0.offset) }
        let contents: HTML =
            sections.count > 1
            ? "<nav><ul>\(sections.enumerated().map { HTML.contents($0.element, $0.offset) })</ul></nav>" : ""
        let gaps = absent.map { absence -> HTML in "<li>\(absence.study): \(absence.reason)</li>" }
        let warning: HTML =
            gaps.isEmpty ? "" : "<div class=\"warning\"><strong>Not in this report</strong><ul>\(gaps)</ul></div>"
        let page: HTML = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="\(HTML(markup: Self.policy))">
            <title>\(title)</title>
            <style>\(HTML(markup: Self.style))</style>
            </head>
            <body>
            <main>
            \(contents)
            \(warning)
            \(parts)
            </main>
            <script>\(HTML(markup: Self.script))</script>
            </body>
            </html>

            """
        return page.source
    }

    /// Nothing is fetched, and nothing is run but the page's own script, known by its hash: whatever a study's texts hold, the browser
    /// asks no one for anything.
    private static let policy =
        "default-src 'none'; img-src data:; style-src 'sha256-\(hash(style))'; script-src 'sha256-\(hash(script))'"

    private static func hash(_ text: String) -> String { Data(SHA256.hash(text.utf8)).base64EncodedString() }
}

extension HTML {
    fileprivate static func contents(_ section: Page.Section, _ number: Int) -> HTML {
        "<li><a href=\"#study-\(number)\">\(section.results.name)</a>: \(section.results.question ?? "")</li>"
    }
}
