import TestSupport
import Testing

@testable import Specification
@testable import Study

@Suite("Names that are parts of paths")
struct StudyNameTests {
    private func error(_ name: String) -> SpecError? {
        #expect(throws: SpecError.self) {
            try Study(yaml: TinyStudy.planar.changing("study: tiny", to: "study: \(name)"), file: "a.yaml")
        }
    }

    @Test("what the program itself writes beside studies is no name of one, in any case of letters")
    func reserved() {
        for name in ["cache", "Cache", "REPORT.md", "report.MD", "report.html", "Report.HTML", "README.md"] {
            #expect(
                error(name)?.description == """
                    a.yaml:1:8: not usable as a study name
                      found: '\(name)'
                      allowed: any other: what studies share, or a report of several, has this name
                    """)
        }
    }

    @Test("no name is longer than a folder's may be")
    func long() {
        let name = String(repeating: "a", count: 201)
        #expect(error(name)?.issues[0].allowed == "at most 200 letters, as a folder is named so")
        #expect(throws: Never.self) {
            try Study(yaml: TinyStudy.planar.changing("study: tiny", to: "study: \(name.dropLast())"), file: "a.yaml")
        }
    }

    @Test("names that were read from a file are held to the same")
    func read() throws {
        let run = try Study(yaml: TinyStudy.planar, file: "a.yaml").runs[0]
        func made(study: String = "tiny", point: String? = nil, coordinates: [SweepPoint.Coordinate]? = nil) -> Run {
            Run(
                study: study, point: point ?? run.point, coordinates: coordinates ?? run.coordinates, position: 0,
                specification: run.specification)
        }
        #expect(run.nameFault == nil)
        for study in ["", ".", "..", "../..", "/tmp", "a/b", "cache", "a\nb"] {
            #expect(made(study: study).nameFault != nil, "\(study)")
        }
        for point in ["", "..", "../PWNED", "/tmp/x", "objective=combined,seed=0/..", "base"] {
            #expect(made(point: point).nameFault != nil, "\(point)")
        }
        let climbing = [SweepPoint.Coordinate(axis: "a", label: "../../x", number: nil)]
        #expect(made(point: SweepPoint.name(of: climbing), coordinates: climbing).nameFault != nil)
        let infinite = [SweepPoint.Coordinate(axis: "a", label: "1", number: .infinity)]
        #expect(made(point: SweepPoint.name(of: infinite), coordinates: infinite).nameFault != nil)
    }
}
