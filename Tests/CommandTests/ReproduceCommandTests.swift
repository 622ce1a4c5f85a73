import Foundation
import TestSupport
import Testing

@Suite("ablate reproduce")
struct ReproduceCommandTests {
    let folder = TemporaryFolder()

    init() throws {
        try FileManager.default.createDirectory(
            atPath: folder.file("studies/within"), withIntermediateDirectories: true)
        try folder.write(TinyStudy.planar + TinyStudy.claim, "studies/tiny.yaml")
        // Of the same teacher, and with an arm that diverges.
        let wild = "    combined: {}\n    wild: {student: {optimization: {learningRate: 1.0e10, clip: ~}}}"
        try folder.write(
            TinyStudy.planar.changing("study: tiny", to: "study: broken").changing("    combined: {}", to: wild),
            "studies/broken.yaml")
        try folder.write("no study", "studies/within/other.yaml")
        try folder.write("no study", "studies/notes.txt")
    }

    private func ablate(_ arguments: String...) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path)
    }

    private func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.file(name), encoding: .utf8)
    }

    @Test("says the time and does nothing where only that is asked for; what studies share counts once")
    func plan() throws {
        let plan = try ablate("reproduce", "studies/", "--plan", "--jobs", "1")
        #expect(plan.code == 0 && plan.errors == "", "\(plan.errors)")
        let lines = plan.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        // Teacher and reference with the first of them; four of the runs of tiny are those of broken.
        #expect(lines[2].prefix(5) == ["broken", "6", "0", "14", "0"])
        #expect(lines[3].prefix(5) == ["tiny", "4", "0", "0", "0"])
        #expect(plan.output.contains("14 pieces of work to do: about 0:00 with 1 jobs, unmeasured on this machine.\n"))
        #expect(!folder.contains("results"))
    }

    @Test(
        "runs every study, goes on after one that fails, and writes what all of them came to; again it repeats nothing")
    func run() throws {
        let run = try ablate("reproduce", "studies", "--no-figures")
        #expect(run.code == 1)
        #expect(run.errors.contains("\nbroken (1 of 2): studies/broken.yaml\n"))
        #expect(run.errors.contains("broken: some of its work failed or diverged\n"))
        #expect(run.errors.contains("\ntiny (2 of 2): studies/tiny.yaml\n"))
        #expect(run.errors.hasSuffix("not all was done of: broken\n"))
        #expect(run.output.contains("Combined is below prediction."), "each study shows its table as it is done")
        #expect(run.output.hasSuffix("Wrote results/report.html\nWrote results/REPORT.md\n"))
        let digest = try text("results/REPORT.md")
        #expect(
            digest.hasPrefix(
                "# What the studies came to\n\nWritten from the records in this folder alone. [The page](report.html)"
            ))
        #expect(digest.contains("\n## broken\n\n*Does it run?*\n"))
        #expect(digest.contains("\n## tiny\n\n*Does it run?*\n\n| claim "))
        #expect(digest.contains("\nCost as measured: 4 runs, 0:0"))
        #expect(digest.contains("; 2 pieces of work that studies share, 0:0"))
        #expect(digest.hasSuffix(" MiB each.\n"))
        let page = try text("results/report.html")
        #expect(page.contains("<h1>broken</h1>") && page.contains("<h1>tiny</h1>"))

        let before = try folder.files().filter { $0.key.hasSuffix(".h5") }
        let again = try ablate("reproduce", "studies", "--no-figures")
        #expect(again.code == 1)
        #expect(again.output.contains("Nothing is left to do but the report.\n"))
        #expect(try folder.files().filter { $0.key.hasSuffix(".h5") } == before)
        #expect(try text("results/REPORT.md") == digest, "the same for the same records")
    }

    @Test("refuses two studies of one name, a study that makes no sense and a folder without any, before anything runs")
    func refused() throws {
        try folder.write(TinyStudy.planar, "again.yaml")
        let twice = try ablate("reproduce", "studies", "again.yaml")
        #expect(twice.code == 65)
        #expect(
            twice.errors == """
                error: again.yaml:1:1: two studies of one name
                  found: 'tiny' in studies/tiny.yaml and again.yaml
                  allowed: a name of its own for each, as their results lie under it

                """)
        #expect(try ablate("reproduce", "studies/tiny.yaml", "studies/within/other.yaml").code == 65)
        let empty = try ablate("reproduce", "studies/within/..", "results")
        #expect(
            empty.code == 66 && empty.errors == "error: results: cannot read the study: No such file or directory\n")
        #expect(
            try ablate("reproduce").errors == "error: experiments: cannot read the study: No such file or directory\n")
        #expect(try ablate("reproduce", "studies", "--jobs", "0").code == 64)
        #expect(!folder.contains("results"))
    }

    @Test("is stopped after a checkpoint, and goes on from there")
    func stopped() async throws {
        let slow = TinyStudy.planar.changing("steps: 20, batch: 16", to: "steps: 20000, batch: 16")
        try folder.write(slow, "slow.yaml")
        let running = try RunningAblate(["reproduce", "slow.yaml", "--no-figures"], in: folder.path)
        for _ in 0..<400 where !folder.contains("results/tiny/study.json") { usleep(20_000) }
        usleep(300_000)
        running.signal(SIGINT)
        let end = running.finish()
        #expect(end.code == 130, "\(end.errors)")
        #expect(end.errors.hasSuffix("stopped; the same command goes on from here\n"))
        #expect(!folder.contains("results/REPORT.md"))
        let left = try ablate("reproduce", "slow.yaml", "--plan")
        #expect(left.output.contains("pieces of work to do"))
    }
}
