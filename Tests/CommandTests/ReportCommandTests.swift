import Foundation
import TestSupport
import Testing

@Suite("ablate report, compare and convert")
struct ReportCommandTests {
    let folder = TemporaryFolder()

    init() throws {
        try folder.write(TinyStudy.planar + TinyStudy.claim, "tiny.yaml")
        let run = try ablate("run", "tiny.yaml")
        #expect(run.code == 0, "\(run.errors)")
    }

    private func ablate(_ arguments: String...) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path)
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.file(name), encoding: .utf8)
    }

    @Test("report writes one page and the tables, from the folder of results alone")
    func report() throws {
        try FileManager.default.removeItem(atPath: folder.file("tiny.yaml"))
        let report = try ablate("report", "results/tiny/", "--no-figures")
        #expect(report.code == 0 && report.errors == "", "\(report.errors)")
        let lines = report.output.split(separator: "\n").map(String.init)
        #expect(lines.first == "tiny: Does it run?")
        #expect(lines.contains { $0.hasSuffix("  Combined is below prediction.") })
        #expect(lines.last == "Wrote results/tiny/report.html")
        let page = try text("results/tiny/report.html")
        #expect(page.contains("<p class=\"question\">Does it run?</p>"))
        #expect(page.contains("Combined is below prediction."))
        #expect(page.contains("study: tiny\nquestion: Does it run?\n"), "the study as it was written")
        #expect(page.contains("# The study as it ran, from tiny.yaml\n"), "and as it ran")
        for suffix in ["csv", "md", "tex"] {
            #expect(folder.contains("results/tiny/tables/table.\(suffix)"))
            #expect(folder.contains("results/tiny/tables/claims.\(suffix)"))
        }
        #expect(!folder.contains("results/tiny/figures"))
    }

    @Test("show gives the claims beside the table, alone where that is asked for, and the drift; compare too")
    func show() throws {
        let text = try ablate("show", "results/tiny").output
        #expect(text.contains("  Combined is below prediction.\n") && text.hasPrefix("objective "))
        let markdown = try ablate("show", "results/tiny", "--format", "markdown").output
        #expect(markdown.hasPrefix("| objective ") && markdown.contains("\n\n| claim "))
        let csv = try ablate("show", "results/tiny", "--format", "csv").output
        #expect(csv.hasPrefix("objective,") && !csv.contains("claim"), "for programs a table stands alone")
        let claims = try ablate("show", "results/tiny", "--claims", "--format", "csv").output
        #expect(claims.hasPrefix("claim,verdict,because,seeds to decide\r\nCombined is below prediction.,"))
        let drift = try ablate("show", "results/tiny", "--drift").output.split(separator: "\n")
        #expect(drift[0].contains("δ = 0.250 (n 2)") && drift[0].contains("δ = 1.00 (n 2)"))
        #expect(drift[2].hasPrefix("prediction ") && drift[4].hasPrefix("teacher, 1 Euler step"))
        let compared = try ablate("compare", "results/tiny", "results/tiny", "--drift").output
        #expect(compared.contains("drift, δ = 0.250") && !compared.contains("Fréchet"))
        for arguments in [
            ["show", "results/tiny", "--drift", "--all"], ["show", "results/tiny", "--claims", "--drift"],
        ] {
            #expect(try AblateProcess(arguments, in: folder.path).code == 64)
        }
        #expect(try ablate("compare", "results/tiny", "results/tiny", "--drift", "--all").code == 64)
    }

    @Test("a drift that was not measured, and claims of a study without any, are missing: 66")
    func nothingToShow() throws {
        let yaml = TinyStudy.planar.changing("study: tiny", to: "study: bare").changing(
            "features: coordinates", to: "features: coordinates\n    metrics: [recall]")
        try folder.write(yaml, "bare.yaml")
        #expect(try ablate("run", "bare.yaml", "--seeds", "0").code == 0)
        let drift = try ablate("show", "results/bare", "--drift")
        #expect(drift.code == 66)
        #expect(drift.errors.hasPrefix("error: results/bare: the drift was not measured\n  allowed: "))
        #expect(try ablate("compare", "results/bare", "results/bare", "--drift").code == 66)
        let claims = try ablate("show", "results/bare", "--claims")
        #expect(claims.code == 66 && claims.errors == "error: results/bare: the study claims nothing\n")
    }

    @Test("report of several studies is one page above them; a damaged record is named, on the page too")
    func several() throws {
        try folder.write(TinyStudy.planar.changing("study: tiny", to: "study: other"), "other.yaml")
        #expect(try ablate("run", "other.yaml").code == 0)
        try folder.write("no record", "results/tiny/objective=combined,seed=1/run.h5")
        let report = try ablate("report", "results/tiny", "results/other", "--no-figures")
        #expect(report.code == 0)
        #expect(report.errors.hasPrefix("warning: left out results/tiny/objective=combined,seed=1/run.h5: "))
        #expect(report.output.hasSuffix("Wrote results/report.html\n"))
        let page = try text("results/report.html")
        #expect(page.contains("<h1>tiny</h1>") && page.contains("<h1>other</h1>"))
        #expect(page.contains("<li>left out results/tiny/objective=combined,seed=1/run.h5: "))
        #expect(page.contains("objective=combined,seed=1 has no record"), "the claim over it is undecided")
    }

    @Test("what is no folder of results is refused: 66")
    func refused() throws {
        let none = try ablate("report", "absent")
        #expect(none.code == 66)
        #expect(none.errors == "error: absent: cannot list the study's folder: No such file or directory\n")
        let empty = try ablate("convert", "results", "--to", "csv")
        #expect(empty.code == 66)
        #expect(empty.errors == "error: results: cannot read the study's records: none is there that can be used\n")
        #expect(try ablate("compare", "results/tiny").code == 64)
        let score = try ablate("compare", "results/tiny", "results/tiny", "--columns", "frechet")
        #expect(
            score.code == 64 && score.errors.hasPrefix("error: unknown score 'frechet'\n  allowed: frechetDistance"))
    }

    @Test("compare shows studies by arm, and runs with their settings")
    func compare() throws {
        let studies = try ablate("compare", "results/tiny", "results/tiny", "--columns", "frechetDistance")
        #expect(studies.code == 0 && studies.output.hasPrefix("A: results/tiny\nB: results/tiny\nobjective "))
        #expect(studies.output.split(separator: "\n").count == 2 + 2 + 2)
        let point = "results/tiny/objective"
        let runs = try ablate("compare", "\(point)=prediction,seed=0", "\(point)=combined,seed=0/run.h5")
        #expect(runs.code == 0 && runs.output.contains("student.method.freeflow.secondTerm"))
    }

    @Test("convert writes each form")
    func convert() throws {
        #expect(try ablate("convert", "results/tiny", "--to", "csv").output == "Wrote results/tiny/measurements.csv\n")
        #expect(
            try text("results/tiny/measurements.csv").hasPrefix("study,run,objective,seed,source,name,mapSteps,step,"))
        #expect(
            try ablate("convert", "results/tiny", "--to", "xarray", "--output", "all.h5").output == "Wrote all.h5\n")
        #expect(folder.contains("all.h5"))
        let events = try ablate("convert", "results/tiny", "--to", "tensorboard")
        #expect(events.output == "Wrote results/tiny/tensorboard/<4 runs>\n")
        #expect(try folder.files().keys.filter { $0.contains("events.out.tfevents.") }.count == 4)
        let after = try ablate("show", "results/tiny")
        #expect(after.code == 0 && after.errors == "", "what was written beside the records is none")
    }
}
