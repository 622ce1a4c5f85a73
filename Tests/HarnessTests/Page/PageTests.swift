import Foundation
import TestSupport
import Testing

@testable import Reporting
@testable import Results
@testable import Specification
@testable import Storage
@testable import Study

@Suite("The page of a report")
struct PageTests {
    private let hostile = "<script>alert('x')</script> & \"quotes\""

    private func html(_ results: StudyResults) throws -> String { try Page([.init(results, drawings: [])]).html() }

    @Test("escapes every text of a study and of its records")
    func escaping() throws {
        let record = try SampleRecord.make([SampleRecord.coordinate("distribution", hostile)])
        let results = SampleResults.make(
            [record], name: hostile, question: hostile, text: hostile,
            claims: [
                Claim(
                    name: hostile, says: hostile,
                    statement: .lower(
                        metric: "frechetDistance", of: ["distribution": hostile], than: ["distribution": "x"], by: nil))
            ], leftOut: [.init(path: hostile, reason: hostile)])
        let page = try html(results)
        #expect(page.components(separatedBy: "<script>").count == 2, "the page's own")
        #expect(!page.contains("alert('x')") && !page.contains("\"quotes\""))
        // Title, name, question, study, claim, what was left out twice, cells of tables.
        let escaped = "&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt; &amp; &quot;quotes&quot;"
        #expect(page.components(separatedBy: escaped).count > 8)
    }

    @Test("asks no network, and is the same for the same records")
    func selfContained() throws {
        let results = SampleResults.make(try SampleResults.conditional())
        let page = try html(results)
        #expect(!page.contains("http:") && !page.contains("https:") && !page.contains(" src=\"/"))
        #expect(page.contains("default-src &#39;none&#39;") || page.contains("default-src 'none'"))
        #expect(try html(results) == page)
    }

    @Test("lets the browser run its own script and no other, and set its own style and no other")
    func policy() throws {
        let page = try html(SampleResults.make(try SampleResults.conditional()))
        #expect(!page.contains("unsafe-inline"))
        for element in ["script", "style"] {
            let parts = page.components(separatedBy: "<\(element)>")
            let text = try #require(parts.last).components(separatedBy: "</\(element)>")[0]
            let hash = Data(SHA256.hash(Array(text.utf8))).base64EncodedString()
            #expect(parts.count == 2 && page.contains("\(element)-src 'sha256-\(hash)'"))
        }
    }

    @Test("shows claims with their verdicts, and what is missing")
    func claims() throws {
        let records = try SampleResults.conditional()
        let claim = Claim(
            name: "rise", says: "It rises.",
            statement: .rises(
                metric: "frechetDistance", along: "strength", from: nil, to: nil, where: ["objective": "meanFlow"]))
        let all = try html(SampleResults.make(records, claims: [claim]))
        #expect(all.contains("<li class=\"supported\"><span class=\"verdict\">supported</span>\nIt rises."))
        #expect(!all.contains("Not in this report"))
        let some = try html(
            SampleResults.make(Array(records.dropFirst()), claims: [claim], runs: records.map(\.run)))
        #expect(some.contains("<li class=\"undecided\">"))
        #expect(some.contains("<li>objective=meanFlow,strength=0,seed=0 has left no record</li>"))
    }

    @Test("has tables that read without a script: every cell in order, numbers with their values")
    func table() {
        let table = Table(
            columns: [.init("arm", alignment: .left), .init("score")],
            rows: [["a & b", .mean(0.25, deviation: 0.5, count: 2)], ["c", .missing]])
        #expect(
            table.html(caption: "Scores").source.contains(
                """
                <thead><tr><th scope="col" class="left">arm</th>
                <th scope="col" class="right">score (n 2)</th></tr></thead>
                <tbody>
                <tr><td class="left">a &amp; b</td>
                <td class="right" data-number="0.25">0.25 ± 0.50</td></tr>
                <tr><td class="left">c</td>
                <td class="right">–</td></tr>
                </tbody>
                """))
    }

    @Test("shows images by arm, as many as all arms have, the teacher's first")
    func grids() throws {
        func record(_ arm: String, count: Int) throws -> Record {
            let images = [Float](repeating: 0, count: count * 64)
            return try SampleRecord.make(
                [SampleRecord.coordinate("objective", arm), SampleRecord.coordinate("seed", "0")],
                samples: SavedSamples(student: images, teacher: images, labels: nil, dimension: 64),
                yaml: TinyStudy.digits)
        }
        let results = SampleResults.make([try record("prediction", count: 3), try record("combined", count: 2)])
        let grids = results.grids()
        #expect(grids.map(\.title) == ["teacher", "objective=prediction,seed=0", "objective=combined,seed=0"])
        #expect(grids.allSatisfy { $0.views.map(\.image.width) == [2 * 50 + 2] })
        let page = try html(results)
        #expect(page.components(separatedBy: "<input type=\"radio\"").count == 4)
        #expect(page.components(separatedBy: " checked>").count == 2)
        #expect(SampleResults.make(try SampleResults.conditional()).grids().isEmpty)
    }
}
