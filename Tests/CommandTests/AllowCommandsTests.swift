import Foundation
import TestSupport
import Testing

@Suite("Programs of a study run only where they are allowed")
struct AllowCommandsTests {
    let folder = TemporaryFolder()

    private static let yaml = TinyStudy.planar.changing("seed: [0, 1]", to: "seed: [0]").changing(
        "    combined: {}\n", to: ""
    ).changing(
        "features: coordinates",
        to: "features: coordinates\n    metrics: [{command: [sh, score.sh], version: 1, timeout: 60, scores: [fid]}]")

    private func ablate(_ arguments: String..., environment: [String: String] = [:]) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path, environment: environment)
    }

    private func prepare() throws {
        try folder.write(Self.yaml, "tiny.yaml")
        try folder.write("touch ran\necho '{\"fid\": 2}'\n", "score.sh")
    }

    private var ran: Bool { folder.contains("ran") }

    @Test(
        "run, rerun and reproduce refuse them with what would be run, and run them with the option or the user's setting"
    )
    func allowed() throws {
        try prepare()
        for arguments in [["run", "tiny.yaml"], ["reproduce", "tiny.yaml", "--no-figures"]] {
            let refused = try AblateProcess(arguments, in: folder.path, environment: ["ABLATE_ALLOW_COMMANDS": "no"])
            #expect(refused.code == 64, "\(refused.errors)")
            let text = refused.errors
            #expect(
                text.contains(
                    "error: the study runs programs, which nobody has allowed\n  found: sh score.sh FOLDER\n    in "))
            #expect(text.contains("/score.sh, SHA-256 "), "\(text)")
            #expect(text.contains("  allowed: --allow-commands, or ABLATE_ALLOW_COMMANDS=1 "), "\(text)")
            #expect(!ran && !folder.contains("results/tiny/objective=prediction,seed=0"))
        }
        let plan = try ablate("plan", "tiny.yaml")
        #expect(
            plan.code == 0
                && plan.output.contains("A program will be run, whose time is not in the estimate: sh score.sh FOLDER"))

        let run = try ablate("run", "tiny.yaml", "--allow-commands")
        #expect(run.code == 0 && ran, "\(run.errors)")
        // What is done runs nothing.
        #expect(try ablate("run", "tiny.yaml").code == 0)

        let record = "results/tiny/objective=prediction,seed=0"
        let refused = try ablate("rerun", record)
        #expect(refused.code == 64 && refused.errors.contains("found: sh score.sh FOLDER"), "\(refused.errors)")
        let again = try ablate("rerun", record, environment: ["ABLATE_ALLOW_COMMANDS": "1"])
        #expect(again.code == 0 && again.output.contains("bitwise the same"), "\(again.output)\(again.errors)")
        try folder.write("echo '{\"fid\": 3}'\n", "score.sh")
        let changed = try ablate("rerun", record, "--allow-commands")
        #expect(changed.code == 1 && changed.errors.contains("score.sh, which has changed"), "\(changed.errors)")
    }

    @Test("a program that hangs ends with a stopped run, and the same command goes on")
    func stopped() throws {
        try prepare()
        try folder.write(
            "echo $$ > process; [ -e go ] || sleep 100 & wait; echo '{\"fid\": 2}'\n", "score.sh")
        let running = try RunningAblate(["run", "tiny.yaml", "--allow-commands", "--jobs", "1"], in: folder.path)
        let deadline = Date() + 60
        while running.isRunning, Date() < deadline, !folder.contains("process") { usleep(5000) }
        usleep(50_000)
        running.signal(SIGINT)
        let end = running.finish()
        #expect(end.code == 130, "\(end.errors)")
        let process = try #require(
            pid_t(
                String(contentsOfFile: folder.file("process"), encoding: .utf8).trimmingCharacters(
                    in: .whitespacesAndNewlines)))
        #expect(kill(process, 0) != 0, "the program is gone")
        try folder.write("", "go")
        let again = try ablate("run", "tiny.yaml", "--allow-commands")
        #expect(again.code == 0, "\(again.errors)")
    }
}
