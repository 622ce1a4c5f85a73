import Foundation
import TestSupport
import Testing

@Suite("ablate run, plan and show")
struct RunCommandTests {
    let folder = TemporaryFolder()

    init() throws { try folder.write(TinyStudy.planar, "tiny.yaml") }

    private func ablate(_ arguments: String...) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path)
    }

    private static let points = ["prediction,seed=0", "prediction,seed=1", "combined,seed=0", "combined,seed=1"].map {
        "objective=\($0)"
    }

    @Test("run does a study and shows its table; what it says of its way is on standard error, in plain lines")
    func run() throws {
        let run = try ablate("run", "tiny.yaml", "--jobs", "2")
        #expect(run.code == 0)
        let lines = run.output.split(separator: "\n").map(String.init)
        try #require(lines.count == 12, "\(run.output)\n\(run.errors)")
        #expect(lines[0] == "tiny: Does it run?")
        #expect(
            lines[1...6].map { String($0.prefix(23)).trimmingCharacters(in: .whitespaces) } == [
                "objective", "─────────────────────", "prediction", "combined", "teacher, 4 Heun steps",
                "teacher, 1 Euler step",
            ])
        #expect(
            Array(lines[7...]) == [
                "Scores of 64 samples each.",
                "With --all: kernel distance, precision, density, coverage, variance ratio, energy distance, "
                    + "mean discrepancy, high quality share, mode variation.",
                "Wrote results/tiny/<4 runs>/run.h5", "      results/tiny/table.csv", "      results/tiny/table.md",
            ])
        for point in Self.points { #expect(folder.contains("results/tiny/\(point)/run.h5")) }
        #expect(folder.contains("results/tiny/table.csv") && folder.contains("results/tiny/table.md"))
        #expect(!run.errors.unicodeScalars.contains("\u{1B}") && !run.errors.contains("\r"))
        for point in Self.points {
            #expect(run.errors.contains("\(point): begun, 20 steps\n"))
            #expect(run.errors.contains("\(point): done ("))
        }
        #expect(run.errors.hasSuffix("(10 of 10 pieces of work)\n"))
        #expect(run.errors.split(separator: "\n").count == 20)
        #expect(try folder.files().keys.filter { $0.hasSuffix(".tmp") } == [])
    }

    @Test("a second run repeats nothing and says so")
    func again() throws {
        let first = try ablate("run", "tiny.yaml")
        let before = try folder.files().filter { $0.key.hasSuffix(".h5") }
        #expect(before.count == 10)
        let second = try ablate("run", "tiny.yaml")
        #expect(second.code == 0)
        #expect(second.errors == "4 of 4 pieces of work are done already.\n")
        #expect(second.output == first.output)
        #expect(try folder.files().filter { $0.key.hasSuffix(".h5") } == before)
    }

    @Test("plan writes nothing, before a run and after it")
    func plan() throws {
        let before = try ablate("plan", "tiny.yaml", "--jobs", "3")
        #expect(before.code == 0 && before.errors == "")
        #expect(folder.names() == ["tiny.yaml"])
        #expect(before.output.hasPrefix("tiny: Does it run?\nshared"))
        #expect(
            before.output.contains("10 pieces of work to do: about 0:00 with 3 jobs, unmeasured on this machine; "))
        #expect(before.output.hasSuffix(" of disk.\n"))
        #expect(
            before.output.components(separatedBy: "to do").count == 12,
            "once for what is shared, twice a run, and the sum")
        _ = try ablate("run", "tiny.yaml")
        let files = try folder.files()
        let after = try ablate("plan", "tiny.yaml")
        #expect(after.output.hasSuffix("Nothing is left to do.\n"))
        #expect(!after.output.contains("to do\n"))
        let more = try ablate("plan", "tiny.yaml", "--set", "axes.seed=[0, 1, 2]", "--jobs", "1")
        #expect(
            more.output.contains(/4 pieces of work to do: about \d+:\d\d with 1 jobs, by the times of earlier runs;/))
        #expect(try folder.files() == files)
    }

    @Test("plan names the place of a record that another study has made")
    func planElsewhere() throws {
        _ = try ablate("run", "tiny.yaml")
        try folder.write(TinyStudy.planar.changing("study: tiny", to: "study: other"), "other.yaml")
        let plan = try ablate("plan", "other.yaml")
        #expect(plan.output.contains("done, in results/tiny/objective=combined,seed=1/run.h5"))
        let run = try ablate("run", "other.yaml")
        #expect(run.code == 0 && run.errors == "4 of 4 pieces of work are done already.\n")
        #expect(run.output.contains("Wrote results/other/<4 runs>/run.h5"))
    }

    @Test("show gives the same table from the records alone, in each format")
    func show() throws {
        let run = try ablate("run", "tiny.yaml")
        let csv = try String(contentsOfFile: folder.file("results/tiny/table.csv"), encoding: .utf8)
        let markdown = try String(contentsOfFile: folder.file("results/tiny/table.md"), encoding: .utf8)
        for name in ["study.yaml", "table.csv", "table.md"] {
            try FileManager.default.removeItem(atPath: folder.file("results/tiny/\(name)"))
        }
        let text = try ablate("show", "results/tiny")
        #expect(text.code == 0 && text.errors == "")
        #expect(run.output.contains("\n" + text.output + "Wrote"))
        #expect(try ablate("show", "results/tiny", "--format", "csv").output == csv)
        #expect(try ablate("show", "results/tiny/", "--format", "markdown").output == markdown)
        #expect(csv.hasPrefix("objective,Fréchet distance mean,") && markdown.hasPrefix("| objective "))
        #expect(!folder.contains("results/tiny/table.csv"), "show writes nothing")
    }

    @Test("show gives all scores, or those that are named")
    func columns() throws {
        _ = try ablate("run", "tiny.yaml")
        let all = try ablate("show", "results/tiny", "--all").output
        #expect(all.contains("kernel distance") && all.contains("mode variation") && !all.contains("With --all"))
        let two = try ablate("show", "results/tiny", "--columns", "density,pairedError", "--format", "csv").output
        #expect(two.hasPrefix("objective,density mean,density deviation,density n,paired error mean,"))
        #expect(!two.contains("recall"))
        let unknown = try ablate("show", "results/tiny", "--columns", "densty")
        #expect(unknown.code == 64)
        #expect(unknown.errors.hasPrefix("error: unknown column 'densty'\n  allowed: frechetDistance, "))
        let facts = try ablate("show", "results/tiny", "--columns", "teacher,cost,runs", "--format", "csv").output
        #expect(facts.hasPrefix("objective,teacher?,training cost (forward passes),runs\r\n"))
        #expect(try ablate("show", "results/tiny", "--all", "--columns", "density").code == 64)
    }

    @Test("show leaves out what it cannot read, and says so")
    func showDamaged() throws {
        _ = try ablate("run", "tiny.yaml")
        try folder.write("no record", "results/tiny/\(Self.points[0])/run.h5")
        let show = try ablate("show", "results/tiny", "--format", "csv")
        #expect(show.code == 0)
        #expect(
            show.errors
                == "warning: left out results/tiny/\(Self.points[0])/run.h5: results/tiny/\(Self.points[0])/run.h5: "
                + "found other bytes than were sealed, allowed: the record as it was written\n")
        #expect(show.output.split(separator: "\r\n")[1].hasSuffix(",1"))
    }

    @Test("a run that diverges is exit 1, in the table, and not tried again")
    func diverged() throws {
        let arms = "    combined: {}\n    wild: {student: {optimization: {learningRate: 1.0e10, clip: ~}}}"
        try folder.write(TinyStudy.planar.changing("    combined: {}", to: arms), "wild.yaml")
        let run = try ablate("run", "wild.yaml", "--set", "axes.seed=[0]")
        #expect(run.code == 1)
        #expect(run.errors.contains("objective=wild,seed=0: diverged: mainResidual is inf at step 2 ("))
        #expect(run.errors.hasSuffix("0 pieces of work failed, 1 runs diverged\n"))
        #expect(run.output.contains("0, 1 diverged\n"))
        #expect(run.output.contains("Wrote results/tiny/<3 runs>/run.h5\n"))
        let again = try ablate("run", "wild.yaml", "--set", "axes.seed=[0]")
        #expect(again.code == 1)
        #expect(again.output == run.output)
        #expect(again.errors == "3 of 3 pieces of work are done already.\n0 pieces of work failed, 1 runs diverged\n")
    }

    @Test("--set that changes what is trained makes a study of its own, and leaves the records of the file's alone")
    func setting() throws {
        _ = try ablate("run", "tiny.yaml")
        let before = try folder.files()
        let run = try ablate("run", "tiny.yaml", "--set", "base.student.optimization.steps=7", "--set", "axes.seed=[1]")
        #expect(run.code == 0)
        #expect(run.errors.contains("objective=combined,seed=1: begun, 7 steps\n"))
        #expect(
            run.output.contains("Wrote results/tiny+student.optimization.steps-7/<2 runs>/run.h5\n"), "\(run.output)")
        #expect(run.errors.contains("tiny with other trainings: a variant, with results in results/tiny+student"))
        let after = try folder.files()
        #expect(before.filter { $0.key.hasPrefix("results/tiny/") }.allSatisfy { after[$0.key] == $0.value })
    }

    @Test("results go to the folder that is given")
    func results() throws {
        let run = try ablate("run", "tiny.yaml", "--results", "a/b", "--set", "axes.seed=[0]")
        #expect(run.code == 0)
        #expect(folder.names() == ["a", "tiny.yaml"])
        #expect(folder.contains("a/b/tiny/objective=combined,seed=0/run.h5"))
        #expect(folder.contains("a/b/cache/teacher"))
    }
}
