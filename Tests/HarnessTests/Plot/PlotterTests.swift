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
            [SampleRecord.coordinate("law", "it's")],
            samples: KeptSamples(student: [1, 0, -1, 0], teacher: [2, 0, -2, 0], labels: nil, dimension: 2),
            drift: Drift(durations: [0.5, 1], student: [0.1, 0.2], ceiling: [0.2, 0.4]))
        var way = points
        way.trajectories = Trajectories(
            durations: [0, 1], student: [[9, 1, 2, 3], [1, 0, -1, 0]], teacher: [[9, 1, 2, 3], [2, 0, -2, 0]],
            dimension: 2)
        let images = (0..<128).map { Float($0 < 64 ? -1 : 1) }
        let digits = try SampleRecord.make(
            [SampleRecord.coordinate("law", "it's")],
            samples: KeptSamples(student: images, teacher: images, labels: nil, dimension: 64), yaml: TinyStudy.digits)
        let all = [try SampleResults.conditional(), [way], [digits]].flatMap { SampleResults.make($0).plots() }
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

    @Test("a missing gnuplot is told before anything is written")
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

/// The first bytes of a PNG file, of any colours.
private enum PNGHeader {
    static func size(_ path: String) throws -> (width: Int, height: Int) {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)).prefix(24))
        func number(_ start: Int) -> Int { bytes[start..<(start + 4)].reduce(0) { $0 << 8 | Int($1) } }
        return (number(16), number(20))
    }
}
