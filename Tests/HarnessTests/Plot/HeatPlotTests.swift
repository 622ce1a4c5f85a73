import TestSupport
import Testing

@testable import Reporting
@testable import Results
@testable import Study

@Suite("A heat map of paired differences") struct HeatPlotTests {
    /// Two widths and two grids, two seeds: combined is below prediction by the width's and the seed's share.
    private func records() throws -> [Record] {
        var records: [Record] = []
        for objective in ["prediction", "combined"] {
            for width in ["24", "48"] {
                for grid in ["coarse", "fine"] {
                    for seed in 0..<2 {
                        let gain = objective == "combined" ? (width == "24" ? 1.0 : -2) + 0.5 * Double(seed) : 0
                        records.append(
                            try SampleRecord.make(
                                [
                                    ("objective", objective), ("width", width), ("grid", grid), ("seed", "\(seed)"),
                                ].map { SampleRecord.coordinate($0.0, $0.1) }, position: records.count,
                                scores: [("frechetDistance", 5 - gain + Double(seed))]))
                    }
                }
            }
        }
        return records
    }

    @Test("has a cell a pair of values, with the mean of the differences of paired runs and its interval")
    func cells() throws {
        let plot = try #require(
            Plot.heat(
                "frechetDistance", try records(), x: "width", y: "grid", ["objective": "combined"],
                minus: ["objective": "prediction"]))
        let rows = plot.data.components(separatedBy: "\n")
        #expect(rows[0] == "\"differences\"")
        // Seeds have −1 and −1.5; t of one degree is 12.7, the deviation over √2 is ¼.
        #expect(rows[1] == "1.0 1.0 -1.25 \"-1.25\" \"[-4.43, 1.93]\"")
        #expect(rows[2].hasPrefix("2.0 1.0 1.75 "))
        #expect(plot.data.contains("\"columns\"\n1.0 \"24\"\n2.0 \"48\""))
        #expect(plot.data.contains("\"rows\"\n1.0 \"coarse\"\n2.0 \"fine\""))
        #expect(plot.caption.contains("mean paired difference"))
    }

    @Test("is none where no runs can be paired, and its axes and arms are those of the study")
    func none() throws {
        #expect(
            Plot.heat(
                "frechetDistance", try records(), x: "width", y: "grid", ["objective": "combined"],
                minus: ["objective": "correction"]) == nil)
        func refusal(_ arm: String) -> String {
            let figure =
                "figures: [{heat: {of: frechetDistance, x: objective, y: seed, arm: \(arm), than: {objective: prediction}}}]\n"
            do {
                _ = try Study(yaml: TinyStudy.planar + figure, file: "study.yaml")
                return "nothing was refused"
            } catch { return "\(error)" }
        }
        #expect(refusal("{objective: combined}") == "nothing was refused")
        #expect(refusal("{objectve: combined}").contains("unknown axis 'objectve'"))
        #expect(refusal("{objective: none}").contains("no run of the study is of the arm"))
    }
}
