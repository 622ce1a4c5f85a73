import Foundation
import TestSupport
import Testing

/// The first hour of a user, step by step: every command ends well and says what a user would look for.
@Suite("The first hour")
struct FirstHourTests {
    private let folder = TemporaryFolder()
    /// Small enough for seconds.
    private static let small = [
        ("steps: 2000", "steps: 30"), ("steps: 1000, batch: 256", "steps: 20, batch: 32"),
        ("samples: 1000", "samples: 60"),
        ("savedSamples: 40", "savedSamples: 10"), ("heun: {steps: 32}", "heun: {steps: 2}"),
        ("steps: 1000, batch: 128", "steps: 20, batch: 64"),
    ]

    /// Runs a command that has to end well and to say something.
    @discardableResult
    private func step(
        _ arguments: String..., code: Int32 = 0, saying texts: [String] = [], environment: [String: String] = [:]
    ) throws -> AblateProcess {
        let ended = try AblateProcess(arguments, in: folder.path, environment: environment)
        let all = ended.output + ended.errors
        #expect(ended.code == code, "ablate \(arguments.joined(separator: " ")): \(all)")
        for text in texts { #expect(all.contains(text), "'\(text)' is not said by \(arguments): \(all)") }
        // Nothing that would alarm.
        for text in ["damaged", "warning", "nan", "Fatal"] {
            #expect(code != 0 || !all.contains(text), "\(arguments) says '\(text)': \(all)")
        }
        return ended
    }

    private func edit(_ changes: [(String, String)]) throws {
        var text = try String(contentsOfFile: folder.file("mine.yaml"), encoding: .utf8)
        for (old, new) in changes {
            #expect(text.contains(old), "\(old)")
            text = text.replacing(old, with: new)
        }
        try text.write(toFile: folder.file("mine.yaml"), atomically: true, encoding: .utf8)
    }

    private func record(_ study: String, _ point: String) throws -> Data {
        try Data(contentsOf: URL(fileURLWithPath: folder.file("results/\(study)/\(point)/run.h5")))
    }

    @Test("goes from a blank page to an answer, a new arm, a smoke test, an order and a page, without a surprise")
    func hour() throws {
        try step("init", "mine", saying: ["Wrote mine.yaml"])
        let first = try String(contentsOfFile: folder.file("mine.yaml"), encoding: .utf8).prefix { $0 != "\n" }
        #expect(first.hasPrefix("# yaml-language-server: $schema=ablate.schema.json"))
        try edit(Self.small)
        try step("plan", "mine.yaml", saying: ["pieces of work to do", "of memory", "of disk"])
        try step("run", "mine.yaml", "--jobs", "1", saying: ["mine: Do prediction", "Wrote results/mine/<6 runs>"])
        let before = try record("mine", "objective=combined,seed=0")

        let shown = try step("show", "results/mine", saying: ["combined"], environment: ["COLUMNS": "80"])
        for line in shown.output.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
        try step("status", "results/mine", saying: ["done"])

        try edit([
            ("    combined: {}\n", "    combined: {}\n    unguided: {student: {method: {freeflow: {guidance: ~}}}}\n")
        ])
        try step("plan", "mine.yaml", saying: ["done", "to do"])
        try step("run", "mine.yaml", "--jobs", "1", saying: ["<8 runs>"])
        #expect(try record("mine", "objective=combined,seed=0") == before, "only the new arm was trained")

        try step(
            "run", "mine.yaml", "--jobs", "1", "--set", "base.student.optimization.steps=5", "--only",
            "objective=combined", "--seeds", "0",
            saying: ["mine+student.optimization.steps-5", "<1 runs>"])
        #expect(try record("mine", "objective=combined,seed=0") == before, "the smoke test is a study of its own")
        try step("gc", "results", saying: ["Nothing is left over."])
        try step("plan", "mine.yaml", saying: ["Nothing is left to do."])

        let sorted = try step("show", "results/mine", "--sort", "frechetDistance", "--top", "1", "--format", "csv")
        #expect(sorted.output.split(separator: "\r\n").count >= 2)
        try step(
            "compare", "results/mine", "results/mine+student.optimization.steps-5", "--where", "objective = combined")
        try step("report", "results/mine", "--no-figures", saying: ["Wrote results/mine/report.html"])
        let page = try String(contentsOfFile: folder.file("results/mine/report.html"), encoding: .utf8)
        #expect(page.contains("prefers-color-scheme") && page.contains("@media print"))
    }

    @Test("evaluates anew in place, keeps what was there, and offers nothing of it to gc")
    func evaluation() throws {
        try TinyStudy.planar.write(toFile: folder.file("tiny.yaml"), atomically: true, encoding: .utf8)
        try step("run", "tiny.yaml", "--jobs", "1")
        let again = try step(
            "run", "tiny.yaml", "--jobs", "1", "--set", "base.evaluation.samples=32",
            saying: ["is of other settings: kept as"])
        #expect(!again.errors.contains("damaged"))
        try step("gc", "results", saying: ["Nothing is left over."])
    }

    @Test("lists all missing keys at once, each with a value of a bundled study, and says where a key belongs")
    func errors() throws {
        let text = TinyStudy.planar.changing("    projections: 8\n", to: "").changing("    labelDropout: 0\n", to: "")
        try text.write(toFile: folder.file("tiny.yaml"), atomically: true, encoding: .utf8)
        try step(
            "plan", "tiny.yaml", code: 65,
            saying: [
                "missing key 'labelDropout' in base.teacher", "such as labelDropout: 0.1",
                "missing key 'projections' in base.evaluation", "such as projections: 128",
            ])
        try TinyStudy.planar.write(toFile: folder.file("tiny.yaml"), atomically: true, encoding: .utf8)
        try step(
            "plan", "tiny.yaml", "--set", "student.optimization.steps=3", code: 65,
            saying: ["did you mean 'base.student.optimization.steps'?"])
    }

    @Test("tells a command of the end of a sweep, and what came of it")
    func end() throws {
        try TinyStudy.planar.write(toFile: folder.file("tiny.yaml"), atomically: true, encoding: .utf8)
        try step(
            "run", "tiny.yaml", "--jobs", "1", "--on-end",
            "echo \"$ABLATE_STUDY $ABLATE_OUTCOME $ABLATE_RECORDS of $ABLATE_RUNS, $ABLATE_FAILED $ABLATE_DIVERGED\" >told"
        )
        #expect(try String(contentsOfFile: folder.file("told"), encoding: .utf8) == "tiny done 4 of 4, 0 0\n")
        let warned = try AblateProcess(["run", "tiny.yaml", "--on-end", "exit 3"], in: folder.path)
        #expect(warned.code == 0 && warned.errors.contains("warning: the command of --on-end ended with 3"))
    }

    @Test("compares with a note where data, teacher or reference differ")
    func grounds() throws {
        try TinyStudy.planar.write(toFile: folder.file("tiny.yaml"), atomically: true, encoding: .utf8)
        let one = ["--jobs", "1", "--seeds", "0", "--only", "objective=combined"]
        #expect(try AblateProcess(["run", "tiny.yaml"] + one, in: folder.path).code == 0)
        let other = ["run", "tiny.yaml", "--set", "study=other", "--set", "base.sharedSeed=1"] + one
        #expect(try AblateProcess(other, in: folder.path).code == 0)
        let compared = try step("compare", "results/tiny", "results/other", "--sort", "frechetDistance")
        #expect(compared.errors.contains("note: B has another teacher than A"))
        #expect(compared.errors.contains("note: B has other reference samples"))
        #expect(!compared.errors.contains("other data"))
    }

    @Test(
        "installs the program, its completion and its manual page, and removes them all",
        .enabled(if: hasMake, "no make here"))
    func install() throws {
        let prefix = folder.file("usr")
        let make = "make -C '\(Package.folder)' -o build ABLATE='\(AblateProcess.executable)' PREFIX='\(prefix)'"
        #expect(shell("\(make) install") == 0)
        #expect(shell("'\(prefix)/bin/ablate' --version") == 0)
        let page = try String(contentsOfFile: prefix + "/share/man/man1/ablate.1", encoding: .utf8)
        #expect(page.hasPrefix(".TH ABLATE 1") && page.contains(".SS run") && page.contains("\\-\\-until\\-decided"))
        let names = ["share/bash-completion/completions/ablate", "share/zsh/site-functions/_ablate"]
        for name in names { #expect(FileManager.default.fileExists(atPath: "\(prefix)/\(name)")) }
        #expect(shell("\(make) uninstall") == 0)
        let left = FileManager.default.enumerator(atPath: prefix)?.compactMap { $0 as? String }.filter {
            var isFolder: ObjCBool = false
            let isThere = FileManager.default.fileExists(atPath: "\(prefix)/\($0)", isDirectory: &isFolder)
            return isThere && !isFolder.boolValue
        }
        #expect(left == [])
    }

}

private let hasMake = shell("command -v make") == 0

/// The exit status of a command of the shell.
private func shell(_ command: String) -> Int32 {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "(\(command)) >/dev/null 2>&1"]
    do { try process.run() } catch { return -1 }
    process.waitUntilExit()
    return process.terminationStatus
}
