import Foundation
import TestSupport
import Testing

@testable import Results

/// Commands of Slurm that note how they were called and answer from files beside them; jobs are run by the test.
private struct FakeSlurm {
    let folder: TemporaryFolder

    init(_ folder: TemporaryFolder) throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder.file("bin"), withIntermediateDirectories: false)
        try command(
            "sbatch",
            """
            number=$(( $(cat number 2>/dev/null || echo 100) + 1 ))
            echo $number > number
            for word; do case $word in --wrap=*) echo "${word#--wrap=}" > script.$number;; esac; done
            echo "$@" > arguments.$number
            echo $number
            """)
        try command("squeue", "echo \"$@\" > squeue.arguments; cat queue 2>/dev/null || true")
        try command("scancel", "echo \"$@\" > scancel.arguments")
    }

    private func command(_ name: String, _ body: String) throws {
        try folder.write("#!/bin/sh\ncd '\(folder.file("bin"))' || exit 1\n\(body)\n", "bin/\(name)")
        chmod(folder.file("bin/\(name)"), 0o755)
    }

    func ablate(_ arguments: [String]) throws -> AblateProcess {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try AblateProcess(
            arguments, in: folder.path, environment: ["PATH": "\(folder.file("bin")):\(path)"])
    }

    /// What the commands were told.
    func arguments(_ job: Int) throws -> [String] {
        try text("arguments.\(job)").split(whereSeparator: \.isWhitespace).map(String.init)
    }

    func text(_ name: String) throws -> String {
        try String(contentsOfFile: folder.file("bin/\(name)"), encoding: .utf8)
    }

    /// Puts tasks into the queue.
    func queue(_ lines: [String]) throws { try folder.write(lines.map { $0 + "\n" }.joined(), "bin/queue") }

    /// Runs one element of an array as Slurm does.
    func run(_ job: Int, _ index: Int) throws -> Int32 {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = [folder.file("bin/script.\(job)")]
        process.currentDirectoryURL = URL(fileURLWithPath: "/")
        process.environment = ProcessInfo.processInfo.environment.merging(["SLURM_ARRAY_TASK_ID": "\(index)"]) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        return process.terminationStatus
    }
}

@Suite("ablate run --launcher slurm, and cancel")
struct SlurmCommandTests {
    let folder = TemporaryFolder()

    private func slurm(_ yaml: String = TinyStudy.planar) throws -> FakeSlurm {
        try folder.write(yaml, "tiny.yaml")
        return try FakeSlurm(folder)
    }

    private static let submit = ["run", "tiny.yaml", "--launcher", "slurm"]

    @Test("submits an array for each kind of work, behind what it needs, as the study's profile says")
    func arrays() throws {
        let profile = "slurm: {partition: cpu, time: \"1:00:00\", memory: 2G, extra: [\"--account=flow\"]}\n"
        let slurm = try slurm(TinyStudy.planar + profile)
        let run = try slurm.ablate(Self.submit)
        #expect(run.code == 0 && run.output == "", "\(run.errors)")
        #expect(run.errors.hasPrefix("Submitted 6 pieces of work as jobs 101, 102, 103.\n"))
        #expect(try slurm.arguments(101).prefix(2) == ["--parsable", "--array=0-0"])
        #expect(!(try slurm.arguments(101).contains { $0.hasPrefix("--dependency") }))
        #expect(try slurm.arguments(102).contains("--dependency=afterok:101_0"))
        let runs = try slurm.arguments(103)
        #expect(runs.contains("--array=0-3") && runs.contains("--dependency=afterok:101_0:102_0"))
        for option in [
            "--kill-on-invalid-dep=yes", "--requeue", "--open-mode=append", "--partition=cpu", "--time=1:00:00",
            "--mem=2G", "--account=flow", "--job-name=ablate-tiny",
        ] { #expect(runs.contains(option), "no \(option)") }
    }

    @Test("a folder of results in whose name Slurm would see a symbol is given as it is")
    func symbols() throws {
        let slurm = try slurm()
        #expect(try slurm.ablate(Self.submit + ["--results", "100%A"]).code == 0)
        let log = try slurm.arguments(101).first { $0.hasPrefix("--output=") }
        #expect(log == "--output=\(folder.path)/100%%A/tiny/slurm/%A_%a.log")
    }

    @Test("its jobs leave what a run on this machine leaves, and the same command then shows the table")
    func records() throws {
        let slurm = try slurm()
        _ = try slurm.ablate(Self.submit)
        for (job, count) in [(101, 1), (102, 1), (103, 4)] {
            for index in 0..<count { #expect(try slurm.run(job, index) == 0) }
        }
        let again = try slurm.ablate(Self.submit)
        #expect(again.code == 0 && again.output.hasPrefix("tiny: Does it run?\n"), "\(again.errors)")
        _ = try slurm.ablate(["run", "tiny.yaml", "--results", "local"])
        for point in ["prediction,seed=0", "prediction,seed=1", "combined,seed=0", "combined,seed=1"] {
            let name = "tiny/objective=\(point)/run.h5"
            let comparison = RecordDiff(
                try Record.read(folder.file("local/\(name)")), try Record.read(folder.file("results/\(name)")))
            #expect(comparison.isBitwiseSame && comparison.fingerprint.isEmpty)
        }
    }

    @Test("submits again what is missing and not in the queue, behind what is")
    func again() throws {
        let slurm = try slurm()
        _ = try slurm.ablate(Self.submit)
        #expect(try slurm.run(101, 0) == 0)
        // The reference waits, one run runs; the other three are lost.
        try slurm.queue(["102_0 PENDING", "103_2 RUNNING", "7_0 RUNNING", "8 RUNNING"])
        let run = try slurm.ablate(Self.submit)
        #expect(
            run.errors.hasPrefix("Submitted 3 pieces of work as job 104; Slurm has 2 more already.\n"), "\(run.errors)")
        #expect(try slurm.arguments(104).contains("--dependency=afterok:102_0"))
        #expect(try slurm.ablate(["status", "results/tiny"]).output.hasSuffix("Slurm: 1 pending, 1 running\n"))
        try slurm.queue(["102_0 PENDING", "103_2 RUNNING", "104_0 PENDING", "104_1 PENDING", "104_2 PENDING"])
        let none = try slurm.ablate(Self.submit)
        #expect(none.errors.hasPrefix("Nothing was submitted; Slurm has 5 more already.\n"))
        #expect(!folder.contains("bin/script.105"))
    }

    @Test("cancel takes the study's own tasks out of the queue, and no others")
    func cancel() throws {
        let slurm = try slurm()
        let unknown = try slurm.ablate(["cancel", "results/tiny"])
        #expect(unknown.code == 66 && unknown.errors.contains("nothing of it was submitted"))
        _ = try slurm.ablate(Self.submit)
        try slurm.queue(["7_0 RUNNING", "102_0 PENDING", "103_1 COMPLETING", "103_2 RUNNING"])
        #expect(try slurm.ablate(["cancel", "results/tiny"]).output == "Cancelled 2 jobs.\n")
        #expect(try slurm.text("scancel.arguments") == "102_0 103_2\n")
    }

    @Test("a profile of its own goes over the study's, and a wrong one is refused with its place")
    func profiles() throws {
        let slurm = try slurm(TinyStudy.planar + "slurm: {partition: cpu, memory: 2G}\n")
        try folder.write("partition: gpu\n", "other.yaml")
        _ = try slurm.ablate(Self.submit + ["--slurm", "other.yaml"])
        #expect(try slurm.arguments(101).contains("--partition=gpu") && slurm.arguments(101).contains("--mem=2G"))
        try folder.write("partitoin: gpu\n", "other.yaml")
        let wrong = try slurm.ablate(Self.submit + ["--slurm", "other.yaml"])
        #expect(wrong.code == 65 && wrong.errors.contains("did you mean 'partition'?"), "\(wrong.errors)")
        try folder.write("extra: [\"--array=0-9\"]\n", "other.yaml")
        let own = try slurm.ablate(Self.submit + ["--slurm", "other.yaml"])
        #expect(own.code == 65 && own.errors.contains("found: '--array=0-9'"), "\(own.errors)")
        #expect(try slurm.ablate(["run", "tiny.yaml", "--wait"]).code == 64)
    }

    @Test("a submission that Slurm refuses is told in Slurm's words")
    func refused() throws {
        let slurm = try slurm()
        try folder.write("#!/bin/sh\necho 'sbatch: error: invalid partition' >&2\nexit 1\n", "bin/sbatch")
        let run = try slurm.ablate(Self.submit)
        #expect(run.code == 74)
        #expect(run.errors == "error: sbatch: sbatch: error: invalid partition\n")
    }
}
