import Results
import Specification
import Storage
import Study

/// Writes the results of studies: figures and tables beside the records of each, and one page of all.
package struct StudyReport: Sendable {
    private let studies: [StudyResults]
    /// Nil for a report without figures.
    private let plotter: Plotter?
    /// Studies that are missing from the report, each with the reason.
    private let absent: [MarkdownReport.Absence]

    /// - Parameter studies: at least one.
    package init(_ studies: [StudyResults], plotter: Plotter?, absent: [MarkdownReport.Absence] = []) {
        precondition(!studies.isEmpty, "a report of no study")
        (self.studies, self.plotter, self.absent) = (studies, plotter, absent)
    }

    /// The default path of the page: in the study's folder, for several studies in the folder above the first.
    package var usualPage: String {
        let folder = studies[0].folder
        guard studies.count > 1 else { return "\(folder)/report.html" }
        let parent = parentFolder(of: folder)
        return parent.isEmpty ? "report.html" : "\(parent)/report.html"
    }

    /// Writes everything.
    /// - Parameters:
    ///   - path: the path of the page in HTML.
    ///   - digest: the path of the page in Markdown; nil for none.
    /// - Returns: what was written, folder by folder, the pages last.
    /// - Throws: `InputError` where gnuplot is missing, before anything is written; `PlotError`, `FileError`.
    package func write(page path: String, digest: String? = nil) async throws -> [String] {
        try await write(
            page: OutputFile(path, attempt: "write the page", overwriting: true),
            digest: digest.map { try OutputFile($0, attempt: "write the page", overwriting: true) })
    }

    /// The same into files that the user named.
    /// - Parameter page: nil for that of `usualPage`, which gives way to the new one.
    package func write(page: OutputFile?, digest: OutputFile?) async throws -> [String] {
        let page = try page ?? OutputFile(usualPage, attempt: "write the page", overwriting: true)
        var paths: [String] = [], sections: [Page.Section] = []
        try await plotter?.check()
        for study in studies {
            let drawings = try await draw(study)
            if !drawings.isEmpty { paths.append("\(study.folder)/figures/<\(drawings.count) figures>.svg, .png, .dat") }
            let tables = try study.writeTables()
            paths.append("\(study.folder)/tables/<\(tables.count) tables>.csv, .md, .tex")
            sections.append(Page.Section(study, drawings: drawings))
        }
        try page.write(Array(try Page(sections, absent: absent).html().utf8))
        paths.append(page.path)
        if let digest {
            let text = MarkdownReport(sections, absent: absent).markdown(
                in: parentFolder(of: digest.path), page: page.path)
            try digest.write(Array(text.utf8))
            paths.append(digest.path)
        }
        return paths
    }

    private func draw(_ study: StudyResults) async throws -> [Plotter.Drawing] {
        guard let plotter else { return [] }
        var drawings: [Plotter.Drawing] = []
        for plot in study.plots() { drawings.append(try await plotter.draw(plot, in: "\(study.folder)/figures")) }
        return drawings
    }
}

extension StudyResults {
    /// Writes the study's tables as CSV, Markdown and LaTeX.
    /// - Returns: their names.
    func writeTables() throws -> [String] {
        var tables: [(String, Table)] = [
            ("table", StudyTable(records, scores: scores).table), ("scores", StudyTable(records, scores: .all).table),
        ]
        if !claims.isEmpty { tables.append(("claims", ClaimResult.table(claimResults))) }
        tables += overTraining.map { ("\($0.score)-over-training", $0.table) }
        if let drift = StudyTable.drift(records) { tables.append(("drift", drift)) }
        try ResultsFolder.create("\(folder)/tables")
        for (name, table) in tables {
            for (suffix, text) in [("csv", table.csv), ("md", table.markdown), ("tex", table.latex)] {
                try AtomicFile.write(Array(text.utf8), to: "\(folder)/tables/\(name).\(suffix)")
            }
        }
        return tables.map(\.0)
    }
}
