import Foundation
import TestSupport
import Testing

@testable import Reporting
@testable import Results
@testable import Specification

@Suite("The page of a report in a browser")
struct BrowserTests {
    static let hasAll = ExternalTool.run("command -v chromium && command -v gnuplot").status == 0
    let folder = TemporaryFolder()

    /// What is asked of the page when it has loaded; the answer is a line of its log, which proves that the log is read.
    private static let question = """
        <script>addEventListener("load", () => {
          const figures = [...document.querySelectorAll(".figures img")];
          const table = document.querySelector("table"), head = table.tHead.rows[0].cells[2];
          const column = () => [...table.tBodies[0].rows].map(row => row.cells[2].textContent).join("|");
          head.querySelector("button").click();
          const up = column();
          head.querySelector("button").click();
          const grids = [...document.querySelectorAll(".flick figure")];
          const shown = () => grids.map((grid, index) => grid.getBoundingClientRect().height > 0 ? index : -1)
            .filter(index => index >= 0).join("+");
          const choose = name => { document.getElementById(name).click(); return shown(); };
          const first = shown();
          const seen = ["grid-0-1", "view-0-0", "view-0-2", "grid-0-2", "grid-0-0"].map(choose).join(" ");
          console.log("figures " + figures.length + " drawn "
            + figures.filter(image => image.naturalWidth > 0 && image.getBoundingClientRect().height > 50).length
            + "; up " + up + "; down " + column() + "; grids " + first + " " + seen
            + "; wide " + (document.documentElement.scrollWidth > innerWidth) + ".");
        })</script></body>
        """

    /// The rules of print are taken for the screen, which is as wide as the paper between its margins; what is wider than that would be
    /// cut off.
    @Test(
        "loses no column on paper: A4 and Letter, whose margins leave 718 and 740 pixels",
        .enabled(if: ExternalTool.run("command -v chromium").status == 0, "no chromium here"), arguments: [718, 740])
    func paper(width: Int) throws {
        let names = (1...16).map { ("someLongScoreOfANumber\($0)", 0.123 * Double($0)) }
        let records = try (0..<3).map { position in
            try SampleRecord.make(
                [
                    SampleRecord.coordinate("objective", "an-arm-of-a-long-name-\(position)"),
                    SampleRecord.coordinate("seed", "0"),
                ], position: position, scores: names)
        }
        let page = try Page([.init(SampleResults.make(records), drawings: [])]).html()
        let policy = try #require(
            page.range(of: "<meta http-equiv=\"Content-Security-Policy\"[^>]*>", options: .regularExpression))
        let asked = page.replacingCharacters(in: policy, with: "").replacing("@media print {", with: "@media all {")
            .changing(
                "</body>",
                to: """
                    <script>addEventListener("load", () => {
                      for (const closed of document.querySelectorAll("details")) closed.open = true;
                      const wide = [...document.querySelectorAll("table, pre, figure")].filter(part =>
                        part.getBoundingClientRect().right > innerWidth + 1 || part.scrollWidth > part.clientWidth + 1);
                      console.log("tables " + document.querySelectorAll("table").length + " wide " + wide.length
                        + " page " + (document.documentElement.scrollWidth > innerWidth) + ".");
                    })</script></body>
                    """)
        let path = folder.file("paper.html")
        try Data(asked.utf8).write(to: URL(fileURLWithPath: path))
        let log = ExternalTool.run(
            "timeout 60 chromium --headless --no-sandbox --disable-gpu --enable-logging=stderr --v=0 "
                + "--window-size=\(width),1000 --user-data-dir='\(folder.file("profile"))' "
                + "--dump-dom 'file://\(path)' | tail -c 1"
        ).output
        let answer = log.split(separator: "\n").first { $0.contains(":CONSOLE") } ?? ""
        #expect(answer.contains(" wide 0 page false."), "\(answer)")
    }

    private func records() throws -> [Record] {
        try [("prediction", 2.0), ("correction", 11.0), ("combined", 1.5)].enumerated().map { position, arm in
            let images = [Float](repeating: Float(position) - 1, count: 4 * 64)
            var record = try SampleRecord.make(
                [
                    SampleRecord.coordinate("objective", arm.0), SampleRecord.coordinate("kind", "plain"),
                    SampleRecord.coordinate("seed", "0"),
                ], position: position, scores: [("frechetDistance", arm.1)],
                samples: SavedSamples(
                    student: images, teacher: images, labels: nil, dimension: 64,
                    inSteps: arm.0 == "prediction" ? [.init(steps: 4, values: images)] : []),
                yaml: TinyStudy.digits)
            record.overTraining = SampleSnapshots(steps: [10, 20], values: [images, images], dimension: 64)
            return record
        }
    }

    @Test(
        "opens without a complaint, shows its figures, sorts by numbers, flicks through samples",
        .enabled(if: hasAll, "no chromium or no gnuplot here"))
    func page() async throws {
        let results = SampleResults.make(try records(), folder: folder.path)
        let path = folder.file("report.html")
        _ = try await StudyReport([results], plotter: Plotter()).write(page: path)
        let page = try String(contentsOfFile: path, encoding: .utf8)
        // The page lets its own script run alone, by its hash: that of the question is added.
        let script = Self.question.components(separatedBy: "<script>")[1].components(separatedBy: "</script>")[0]
        let hash = Data(SHA256.hash(Array(script.utf8))).base64EncodedString()
        let asked = page.changing("</body>", to: Self.question).changing(
            "script-src '", to: "script-src 'sha256-\(hash)' '")
        try Data(asked.utf8).write(to: URL(fileURLWithPath: path))
        let log = ExternalTool.run(
            "timeout 60 chromium --headless --no-sandbox --disable-gpu --enable-logging=stderr --v=0 "
                + "--user-data-dir='\(folder.file("profile"))' --dump-dom 'file://\(path)' | tail -c 1"
        ).output
        let lines = log.split(separator: "\n").filter { $0.contains(":CONSOLE") }
        #expect(lines.count == 1, "\(lines)")
        let answer = String(lines.first ?? "")
        let count = results.plots().count
        #expect(answer.contains("figures \(count) drawn \(count); "), "\(answer)")
        // Numbers by value, not as text; the teacher's 0.125 and 1.5 are rows too.
        #expect(answer.contains("up 0.125|1.50|1.50|2.00|11.0; down 11.0|2.00|"), "\(answer)")
        // The teacher's one of ten, three an arm; the first arm's after the training, at its half, in 4 steps; the next arm's, which
        // has none in 4 steps and says so; the teacher's again.
        #expect(answer.contains("grids 0 2 1 3 6 0; wide false."), "\(answer)")
    }
}
