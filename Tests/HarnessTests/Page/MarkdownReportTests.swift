import Foundation
import TestSupport
import Testing

@testable import Reporting
@testable import Results
@testable import Storage
@testable import Study

@Suite("The page of Markdown over several studies")
struct DigestTests {
    private func digest(_ results: StudyResults, drawings: [Plotter.Drawing] = []) -> String {
        MarkdownReport(
            [.init(results, drawings: drawings)], absent: [.init(study: "lost", reason: "it was ended by signal 9")]
        ).markdown(in: "results", page: "results/report.html")
    }

    @Test("has question, claims, table, figures, cost, and what is missing of each")
    func whole() throws {
        let records = try SampleResults.conditional()
        let claim = Claim(
            name: "rise", says: "It *rises*.",
            statement: .rises(
                metric: "frechetDistance", along: "strength", from: nil, to: nil, where: ["objective": "meanFlow"]))
        let results = SampleResults.make(
            Array(records.dropLast()), claims: [claim], runs: records.map(\.run),
            leftOut: [.init(path: "results/tiny/x/run.h5", reason: "damaged")], folder: "results/tiny")
        let drawings = results.plots().prefix(2).map {
            Plotter.Drawing(plot: $0, svg: "results/tiny/figures/a (b).svg", png: "", data: "")
        }
        let text = digest(results, drawings: Array(drawings))
        #expect(
            text.hasPrefix(
                "# What the studies came to\n\nWritten from the records in this folder alone. [The page](report.html) has"
            ))
        let parts = [
            "| study | question ", "\n**Not in this report:**\n\n* lost: it was ended by signal 9\n",
            "\n## tiny\n\n*Does it run?*\n\n| claim ", "| It \\*rises\\*. | supported ", "| objective ",
            "\n![Fréchet distance](tiny/figures/a%20%28b%29.svg)\n", "\nMore: [Fréchet distance against cost](tiny/",
            "\nCost as measured: 5 runs, 0:13 of processor time, 0:15 by the clock one after another, "
                + "at most 40.0 MiB each.\n",
            "* left out results/tiny/x/run.h5: damaged\n* objective=freeflow,seed=1 has left no record\n",
        ]
        var rest = text[...]
        for part in parts {
            let place = try #require(rest.range(of: part), "\(part) is not behind the others in\n\(text)")
            rest = rest[place.upperBound...]
        }
        #expect(rest.isEmpty)
    }

    @Test("asks no more of a study than it has")
    func bare() throws {
        let results = SampleResults.make([try SampleRecord.make([])], question: nil, folder: "elsewhere/tiny")
        let text = digest(results)
        #expect(text.contains("\n## tiny\n\n| samples of "))
        #expect(!text.contains("!["))
    }

    @Test(
        "links from where it lies",
        arguments: [
            ("results/a/b.svg", "results", "a/b.svg"), ("a/b.svg", "", "a/b.svg"),
            ("/x/a.svg", "/x/y/z", "../../a.svg"),
            ("results/a.svg", "results/", "a.svg"), ("../a", ".", "../a"),
        ])
    func links(path: String, folder: String, link: String) { #expect(relativePath(of: path, from: folder) == link) }
}
