/// Writes what studies came to: figures and tables beside the records of each, and one page of all.
public struct StudyReport: Sendable {
    private let studies: [StudyResults]
    /// Nil for a report without figures.
    private let plotter: Plotter?

    /// - Parameter studies: at least one.
    public init(_ studies: [StudyResults], plotter: Plotter?) {
        precondition(!studies.isEmpty, "a report of no study")
        (self.studies, self.plotter) = (studies, plotter)
    }

    /// Where the page goes unless told otherwise: in the study's folder, for several in the folder above the first.
    public var usualPage: String {
        let folder = studies[0].folder
        guard studies.count > 1 else { return "\(folder)/report.html" }
        let parent = parentFolder(of: folder)
        return parent.isEmpty ? "report.html" : "\(parent)/report.html"
    }

    /// Writes everything.
    /// - Returns: what was written, folder by folder, the page last.
    /// - Throws: `InputError` where gnuplot is missing, before anything is written; `PlotError`, `FileError`.
    public func write(page path: String) async throws -> [String] {
        var paths: [String] = [], sections: [Page.Section] = []
        try await plotter?.check()
        for study in studies {
            var drawings: [Plotter.Drawing] = []
            if let plotter {
                for plot in study.plots() {
                    let drawing = try await plotter.draw(plot, in: "\(study.folder)/figures")
                    drawings.append(drawing)
                }
                if !drawings.isEmpty {
                    paths.append("\(study.folder)/figures/<\(drawings.count) figures>.svg, .png, .dat")
                }
            }
            let tables = try study.writeTables()
            paths.append("\(study.folder)/tables/<\(tables.count) tables>.csv, .md, .tex")
            sections.append(Page.Section(study, drawings: drawings))
        }
        try AtomicFile.write(Array(try Page(sections).html().utf8), to: path)
        return paths + [path]
    }
}

extension StudyResults {
    /// Writes the study's tables as CSV, Markdown and LaTeX.
    /// - Returns: their names.
    func writeTables() throws -> [String] {
        var tables: [(String, Table)] = [
            ("table", StudyTable(records, scores: scores).table), ("scores", StudyTable(records, scores: .all).table),
        ]
        if !claims.isEmpty { tables.append(("claims", Judgement.table(judgements))) }
        tables += overTraining.map { ("\($0.score)-over-training", $0.table) }
        try ResultsFolder.create("\(folder)/tables")
        for (name, table) in tables {
            for (suffix, text) in [("csv", table.csv), ("md", table.markdown), ("tex", table.latex)] {
                try AtomicFile.write(Array(text.utf8), to: "\(folder)/tables/\(name).\(suffix)")
            }
        }
        return tables.map(\.0)
    }
}
