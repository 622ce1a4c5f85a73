import Foundation
import Results
import Specification
import Storage

/// What studies came to, as one page of Markdown: of each the question, how its claims came out, its table, its figures and what it
/// has cost.
package struct MarkdownReport: Sendable {
    let sections: [Page.Section]
    /// Studies of which there is nothing to say but why.
    let absent: [Absence]

    /// A study without results that can be used.
    package struct Absence: Hashable, Sendable {
        package let study, reason: String

        package init(study: String, reason: String) { (self.study, self.reason) = (study, reason) }
    }

    package init(_ sections: [Page.Section], absent: [Absence] = []) {
        (self.sections, self.absent) = (sections, absent)
    }

    /// The page; the same for the same records and figures.
    /// - Parameters:
    ///   - folder: that the page lies in, from which its links lead.
    ///   - page: the report in HTML; nil where there is none.
    package func markdown(in folder: String, page: String?) -> String {
        var parts = [
            "# What the studies came to", Self.opening(folder, page), Self.overview(sections.map(\.results)).markdown,
        ]
        if !absent.isEmpty {
            let lines = absent.map { "* \(Table.escaped($0.study)): \(Table.escaped($0.reason))" }
            parts.append("**Not in this report:**\n\n" + lines.joined(separator: "\n"))
        }
        parts += sections.map { $0.markdown(in: folder) }
        return parts.map { $0.trimmingCharacters(in: .newlines) }.joined(separator: "\n\n") + "\n"
    }

    private static func opening(_ folder: String, _ page: String?) -> String {
        let more = page.map { " [The page](\(link(to: $0, from: folder))) has every figure, sample and setting." } ?? ""
        return
            "Written from the records in this folder alone.\(more) Intervals are paired t intervals, corrected for the "
            + "number of claims of each study; `±` is a standard deviation over seeds."
    }

    /// A row a study: its question, how many of its claims came out how, and what its runs have cost.
    package static func overview(_ studies: [StudyResults]) -> Table {
        Table(
            columns: [.init("study", alignment: .left), .init("question", alignment: .left)]
                + ClaimResult.Verdict.allCases.map { .init($0.rawValue) }
                + [.init("runs"), .init("processor time", alignment: .right)],
            rows: studies.map { results in
                let verdicts = results.claimResults.map(\.verdict)
                return [.text(results.name), results.question.map { .text($0) } ?? .missing]
                    + ClaimResult.Verdict.allCases.map { verdict in .count(verdicts.filter { $0 == verdict }.count) }
                    + [
                        .count(results.records.count),
                        .text(NumberFormat.clock(seconds: results.cost.processorSeconds)),
                    ]
            })
    }

    /// A path as the target of a link.
    static func link(to path: String, from folder: String) -> String {
        let relative = relativePath(of: path, from: folder)
        return relative.addingPercentEncoding(withAllowedCharacters: linkLetters) ?? relative
    }

    /// What a link may hold as it is: neither spaces nor parentheses, which end it.
    private static let linkLetters = CharacterSet.urlPathAllowed.subtracting(CharacterSet(charactersIn: "()"))
}

extension Page.Section {
    /// The study's part of a page of Markdown.
    func markdown(in folder: String) -> String {
        var parts = ["## \(Table.escaped(results.name))"]
        if let question = results.question { parts.append("*\(Table.escaped(question))*") }
        let claimResults = results.claimResults
        if !claimResults.isEmpty { parts.append(ClaimResult.table(claimResults).markdown) }
        parts.append(StudyTable(results.records, scores: results.scores).table.markdown)
        parts += figures(in: folder)
        parts.append(costs)
        let gaps = results.leftOut.map(\.description) + results.missing.map { "\($0) has left no record" }
        if !gaps.isEmpty {
            parts.append("Not in this report:\n\n" + gaps.map { "* \(Table.escaped($0))" }.joined(separator: "\n"))
        }
        return parts.map { $0.trimmingCharacters(in: .newlines) }.joined(separator: "\n\n")
    }

    /// The first figure, and links to the others.
    private func figures(in folder: String) -> [String] {
        guard let first = drawings.first else { return [] }
        func link(_ drawing: Plotter.Drawing) -> String {
            "[\(Table.escaped(drawing.plot.title))](\(MarkdownReport.link(to: drawing.svg, from: folder)))"
        }
        let others = drawings.dropFirst().map(link).joined(separator: " · ")
        return ["!\(link(first))", "*\(Table.escaped(first.plot.caption))*"]
            + (others.isEmpty ? [] : ["More: \(others)"])
    }

    /// "12 runs: 9:41 of processor time, 5:02 by the clock one after another, up to 52 MiB; …".
    private var costs: String {
        func text(_ cost: Cost) -> String {
            "\(NumberFormat.clock(seconds: cost.processorSeconds)) of processor time, "
                + "\(NumberFormat.clock(seconds: cost.wallSeconds)) by the clock one after another, "
                + "at most \(NumberFormat.text(cost.peakMemory)) MiB each"
        }
        let own = results.cost, shared = results.sharedCost
        let pieces = "\(shared.pieces) piece\(shared.pieces == 1 ? "" : "s") of work that studies share"
        return "Cost as measured: \(own.pieces) run\(own.pieces == 1 ? "" : "s"), \(text(own))"
            + (shared.pieces > 0 ? "; \(pieces), \(text(shared))." : ".")
    }
}
