import Foundation
import TestSupport
import Testing

@Suite("Limits and signals of the system are told, and leave what can be gone on with")
struct SystemLimitTests {
    let folder = TemporaryFolder()

    private func limited(_ limit: String, _ arguments: String) throws -> (code: Int32, errors: String) {
        let process = Process(), errors = Pipe()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", "\(limit); exec \"$0\" \(arguments)", AblateProcess.executable]
        process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
        process.standardOutput = FileHandle.nullDevice
        process.standardError = errors
        try process.run()
        let text = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationReason == .exit ? process.terminationStatus : -process.terminationStatus, text)
    }

    @Test("Too few open files are told with how many are needed")
    func files() throws {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        let (code, errors) = try limited("ulimit -n 16", "run tiny.yaml")
        #expect(code == 74)
        #expect(errors == "error: this process may have 16 files open\n  allowed: at least 64 (ulimit -n)\n")
    }

    @Test("A limit on the size of files is an obstacle like a full disk: without it the same command goes on")
    func fileSize() throws {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        let (code, errors) = try limited("ulimit -f 8", "run tiny.yaml --seeds 0")
        #expect(code == 74, "\(errors)")
        let again = try AblateProcess(["run", "tiny.yaml", "--seeds", "0"], in: folder.path)
        #expect(again.code == 0, "\(again.errors)")
    }

    @Test("Work is done at the priority that the command was given")
    func priority() throws {
        try folder.write(
            TinyStudy.planar.changing("optimization: {steps: 20,", to: "optimization: {steps: 20000,"), "tiny.yaml")
        let run = try RunningAblate(["run", "tiny.yaml", "--jobs", "1"], in: folder.path, nice: 7)
        let deadline = Date() + 60
        var workers: [pid_t] = []
        while run.isRunning, Date() < deadline, workers.isEmpty {
            usleep(2000)
            workers = run.hosts.flatMap(childProcesses)
        }
        #expect(try processPriority(#require(workers.first)) == run.priority)
        run.signal(SIGTERM)
        #expect(run.finish().code == 130)
    }

    @Test("Ctrl-C ends with 130 also before anything has begun")
    func early() throws {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        let run = try RunningAblate(["run", "tiny.yaml"], in: folder.path)
        let deadline = Date() + 60
        while run.isRunning, Date() < deadline, !run.catches(SIGINT) { usleep(500) }
        run.signal(SIGINT)
        #expect(run.finish().code == 130)
    }

    @Test("Numbers of the command line have an upper end too")
    func numbers() throws {
        try folder.write(TinyStudy.planar + TinyStudy.claim, "tiny.yaml")
        for (arguments, said) in [
            (
                ["run", "tiny.yaml", "--until-decided", "--most-seeds", "9223372036854775807"],
                "--most-seeds is at most 10000"
            ),
            (["run", "tiny.yaml", "--checkpoint", "inf"], "--checkpoint is from 0 to 604800 seconds"),
            (["run", "tiny.yaml", "--checkpoint", "nan"], "--checkpoint is from 0 to 604800 seconds"),
            (["run", "tiny.yaml", "--jobs", "9223372036854775807"], "--jobs is at most 4096"),
            (["run", "tiny.yaml", "--silence", "1"], "--silence is 0 or from 10 to 604800 seconds"),
            (["sample", "a", "--out", "b", "--count", "100000000000"], "--count is at most 16777216"),
            (["models", "--batch", "9223372036854775807"], "--batch is at most 1048576"),
        ] {
            let process = try AblateProcess(arguments, in: folder.path)
            #expect(process.code == 64 && process.errors.hasPrefix("Error: \(said)"), "\(process.errors)")
        }
        #expect(folder.names() == ["tiny.yaml"])
    }

    @Test("A missing data file and a missing base are missing inputs: 66, with their place")
    func missing() throws {
        try folder.write(
            TinyStudy.planar.changing(
                "{planar: {set: eightGaussians, count: 200}}", to: "{latents: {file: absent.h5}}"),
            "tiny.yaml")
        let data = try AblateProcess(["plan", "tiny.yaml"], in: folder.path)
        #expect(data.code == 66 && data.errors.contains("absent.h5"), "\(data.errors)")
        try folder.write("study: b\nquestion: q\nextends: absent.yaml\n", "b.yaml")
        let base = try AblateProcess(["plan", "b.yaml"], in: folder.path)
        #expect(base.code == 66)
        #expect(
            base.errors
                == "error: b.yaml:3:1: the study to extend cannot be read\n  found: absent.yaml: No such file or directory\n"
        )
    }

    @Test("A question that commands a terminal is printed as text")
    func terminal() throws {
        try folder.write(
            TinyStudy.planar.changing("Does it run?", to: "\"Red \\e[31m bell \\a end \\u202E reversed\""), "tiny.yaml")
        let plan = try AblateProcess(["plan", "tiny.yaml"], in: folder.path)
        #expect(plan.code == 0 && plan.output.hasPrefix("tiny: Red  [31m bell   end   reversed\n"), "\(plan.output)")
    }
}
