import Foundation
import PlotTemplates
import TestSupport
import Testing

@testable import Reporting
@testable import Results
@testable import Storage

@Suite("Figures are drawn by gnuplot")
struct PlotterTests {
    static let hasGnuplot = ExternalTool.run("command -v gnuplot").status == 0
    let folder = TemporaryFolder()

    private func plots() throws -> [Plot] {
        let points = try SampleRecord.make(
            [SampleRecord.coordinate("distribution", "it's")],
            samples: SavedSamples(student: [1, 0, -1, 0], teacher: [2, 0, -2, 0], labels: nil, dimension: 2),
            drift: Drift(durations: [0.5, 1], student: [0.1, 0.2], ceiling: [0.2, 0.4]))
        var way = points
        way.trajectories = Trajectories(
            durations: [0, 1], student: [[9, 1, 2, 3], [1, 0, -1, 0]], teacher: [[9, 1, 2, 3], [2, 0, -2, 0]],
            dimension: 2)
        let images = (0..<128).map { Float($0 < 64 ? -1 : 1) }
        let digits = try SampleRecord.make(
            [SampleRecord.coordinate("distribution", "it's")],
            samples: SavedSamples(student: images, teacher: images, labels: nil, dimension: 64), yaml: TinyStudy.digits)
        let conditional = try SampleResults.conditional()
        let heat = try #require(
            Plot.heat(
                "frechetDistance", conditional, x: "seed", y: "objective", ["strength": "0.5"], minus: ["strength": "0"]
            ))
        let all =
            [conditional, [way], [digits]].flatMap { SampleResults.make($0).plots() } + [heat]
        // One of each template, and the drift, whose last line is no student's.
        return all.filter { plot in
            plot.name == "drift" || all.first { $0.template == plot.template }?.name == plot.name
        }
    }

    @Test("each template draws SVG and PNG, the same again", .enabled(if: hasGnuplot, "no gnuplot here"))
    func draw() async throws {
        let plots = try plots()
        #expect(Set(plots.map(\.template)) == Set(PlotTemplate.allCases).subtracting([.style]))
        for plot in plots {
            let drawing = try await Plotter().draw(plot, in: folder.path)
            let svg = try String(contentsOfFile: drawing.svg, encoding: .utf8)
            #expect(svg.contains("</svg>"), "\(plot.name)")
            #expect([.plane, .trajectories].contains(plot.template) || svg.contains(plot.title), "\(plot.name)")
            #expect(try PNGHeader.size(drawing.png).width == 2 * plot.size.width, "\(plot.name)")
            _ = try await Plotter().draw(plot, in: folder.path)
            #expect(try String(contentsOfFile: drawing.svg, encoding: .utf8) == svg)
        }
        #expect(folder.names().filter { $0.hasSuffix(".tmp") } == [])
    }

    /// Texts that would make the file where gnuplot took any of them for more than a text.
    private func hostileTexts(making file: String) -> [String] {
        let command = "touch \(file)"
        return [
            "`\(command)`", "\"`\(command)`\"", "'.system('\(command)').'", "\".system(\"\(command)\").\"",
            "<\(command)", "|\(command)", "x\nsystem '\(command)'", "x\r\n!\(command)\r\n", "x'\n!\(command)\n'", "\\",
            "'\\", "''", "'\u{301}.system('\(command)').'\u{301}", "it's @title", "{/=9 `\(command)`}", "%s",
        ]
    }

    @Test("no text and no name runs a command, whatever the template", .enabled(if: hasGnuplot, "no gnuplot here"))
    func hostile() async throws {
        let mark = folder.file("PWN")
        // Here gnuplot does run what stands in backquotes, in double quotes: the file would show it.
        try #require(ExternalTool.run("echo 'x = \"`touch \(mark)`\"' | gnuplot -").status == 0)
        try #require(unlink(mark) == 0)
        let texts = hostileTexts(making: mark), plots = try plots()
        let simple = try #require(plots.first { $0.template == .lines })
        for plot in texts.map(simple.saying) + plots.map({ $0.saying(texts.joined(separator: " ")) }) {
            let drawing = try await Plotter().draw(plot, in: folder.file("<touch PWN;echo "))
            #expect(try String(contentsOfFile: drawing.svg, encoding: .utf8).contains("</svg>"))
        }
        #expect(folder.names() == ["<touch PWN;echo "])
    }

    @Test("a figure's files stay in its folder, whatever its name is")
    func fileNames() {
        func fileName(_ name: String) -> String {
            Plot(name: name, template: .lines, title: "", caption: "", xLabel: "", yLabel: "", blocks: []).fileName
        }
        #expect(fileName("frechetDistance@4-along-alpha") == "frechetDistance@4-along-alpha")
        #expect(
            fileName("../../x") == "_._.._x" && fileName("<touch x") == "_touch_x" && fileName("a\nb\0ü") == "a_b__")
        #expect(fileName(String(repeating: "a", count: 300)).utf8.count == 200)
    }

    @Test("a missing gnuplot is reported before anything is written")
    func missing() async throws {
        let report = StudyReport(
            [SampleResults.make(try SampleResults.conditional(), folder: folder.path)],
            plotter: Plotter(program: "no-gnuplot"))
        let error = await #expect(throws: InputError.self) { try await report.write(page: folder.file("report.html")) }
        #expect(
            error?.description
                == "no-gnuplot: cannot draw figures: the program is not installed (Debian: gnuplot-nox); "
                + "--no-figures does without")
        #expect(folder.names() == [])
    }

    @Test("templates of another folder are taken, and missed", .enabled(if: hasGnuplot, "no gnuplot here"))
    func templates() async throws {
        let plotter = Plotter(templates: .folder(folder.path))
        let error = await #expect(throws: InputError.self) { try await plotter.check() }
        #expect(error?.path == folder.file("style.gp"))
        for template in PlotTemplate.allCases {
            try Data("nonsense".utf8).write(to: URL(fileURLWithPath: folder.file("\(template.rawValue).gp")))
        }
        let plot = try plots()[0]
        await #expect(throws: PlotError.self) { try await plotter.draw(plot, in: folder.file("figures")) }
        #expect(!FileManager.default.fileExists(atPath: folder.file("figures/\(plot.name).svg")))
    }
}

extension Plot {
    /// The same numbers with a text in the place of every other.
    fileprivate func saying(_ text: String) -> Plot {
        Plot(
            name: text, template: template, title: text, caption: text, xLabel: text, yLabel: text,
            blocks: blocks.map { block in
                Block(
                    text,
                    block.rows.map { row in
                        row.map { value in
                            switch value {
                            case .number: value
                            case .text: .text(text)
                            }
                        }
                    })
            },
            settings: settings.map { name, value in
                switch value {
                case .number, .truth: (name, value)
                case .text: (name, .text(text))
                }
            }, size: size)
    }
}

/// The first bytes of a PNG file, of any colours.
private enum PNGHeader {
    static func size(_ path: String) throws -> (width: Int, height: Int) {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)).prefix(24))
        func number(_ start: Int) -> Int { bytes[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) } }
        return (number(16), number(20))
    }
}
