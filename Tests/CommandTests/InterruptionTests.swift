import Foundation
import TestSupport
import Testing

@testable import Results
@testable import Study

@Suite("A run that is interrupted goes on where it was")
struct InterruptionTests {
    let folder = TemporaryFolder()

    /// One arm, about two seconds of training.
    private static let study = TinyStudy.planar.changing(
        "    prediction: {student: {method: {freeflow: {secondTerm: ~}}}}\n    combined: {}",
        to: "    long: {student: {optimization: {steps: 20000}}}"
    ).changing("seed: [0, 1]", to: "seed: [0]")
    private static let point = "results/tiny/objective=long,seed=0"

    private var checkpoint: Data? {
        guard let run = try? Study(yaml: Self.study, file: "tiny.yaml").runs.first else { return nil }
        let journal = ResultsFolder("results").journal(.training(RunStage(run: run).student))
        return (try? Journal.read(folder.file(journal)))?.checkpoint
    }

    /// Begins the study and waits until a checkpoint of its own is there.
    private func begin() throws -> RunningAblate {
        try folder.write(Self.study, "tiny.yaml")
        let before = checkpoint
        let running = try RunningAblate(["run", "tiny.yaml", "--jobs", "1", "--checkpoint", "0.05"], in: folder.path)
        let deadline = Date() + 60
        while running.isRunning, Date() < deadline, checkpoint == before { usleep(5000) }
        return running
    }

    /// What the run has left, times and machine aside.
    private func content(_ folder: TemporaryFolder) throws -> Record.Content {
        try Record.read(folder.file(Self.point + "/run.h5")).content
    }

    @Test("by signals, by the death of all: the record is bit for bit that of an undisturbed run")
    func interrupted() throws {
        let undisturbed = TemporaryFolder()
        try undisturbed.write(Self.study, "tiny.yaml")
        #expect(try AblateProcess(["run", "tiny.yaml"], in: undisturbed.path).code == 0)

        for number in [SIGINT, SIGTERM] {
            let run = try begin()
            run.signal(number)
            let stopped = run.finish()
            #expect(stopped.code == 130)
            #expect(stopped.errors.contains("stopping after a checkpoint; once more stops at once\n"))
            #expect(stopped.errors.hasSuffix("stopped; the same command goes on from here\n"))
            #expect(stopped.output == "")
            #expect(!folder.contains(Self.point + "/run.h5"))
        }
        // As when a batch system signals all processes of a job, the host first.
        let ended = try begin()
        for host in ended.hosts { kill(host, SIGTERM) }
        usleep(100_000)
        ended.signal(SIGTERM)
        let end = ended.finish()
        #expect(end.code == 130 && !end.errors.contains("failed"), "\(end.errors)")
        let killed = try begin()
        killed.signal(SIGKILL)
        _ = killed.finish()
        let status = try AblateProcess(["status", "results/tiny"], in: folder.path)
        #expect(status.code == 0 && status.output.hasPrefix("1 of 4 pieces of work done, "), "\(status.output)")

        let last = try AblateProcess(["run", "tiny.yaml"], in: folder.path)
        #expect(last.code == 0, "\(last.errors)")
        let from = last.errors.firstMatch(of: /long,seed=0: begun, from step (\d+) of 20000/)
        #expect(from.flatMap { Int($0.1) }.map { $0 > 0 } == true, "\(last.errors)")
        #expect(try content(folder) == content(undisturbed))
        #expect(
            try AblateProcess(["status", "results/tiny/"], in: folder.path).output == "4 of 4 pieces of work done\n")
        #expect(try folder.files().keys.filter { $0.hasSuffix(".tmp") || $0.contains("aside") } == [])
    }

    @Test("a run over its limits fails alone, and raising them lets it go on")
    func limits() throws {
        try folder.write(
            TinyStudy.planar.changing("seed: [0, 1]", to: "seed: [0]") + "limits: {memory: 1}\n", "tiny.yaml")
        let run = try AblateProcess(["run", "tiny.yaml"], in: folder.path)
        #expect(run.code == 1)
        #expect(
            run.errors.contains(
                /objective=combined,seed=0: failed: took [0-9.]+ MiB of memory, more than the limit of 1/),
            "\(run.errors)")
        #expect(run.errors.hasSuffix("4 pieces of work failed, 0 runs diverged\n"))
        let status = try AblateProcess(["status", "results/tiny"], in: folder.path)
        #expect(status.output.hasPrefix("2 of 6 pieces of work done, 2 failed, 2 to do\n"))
        let again = try AblateProcess(
            ["run", "tiny.yaml", "--retry-failed", "--set", "limits={minutes: 10, memory: 1.0e6}"], in: folder.path)
        #expect(again.code == 0, "\(again.errors)")
    }

    @Test("a results folder that cannot be written is exit 74, and nothing is damaged")
    func readOnly() throws {
        try folder.write(TinyStudy.planar, "tiny.yaml")
        try folder.write("no folder", "results")
        let run = try AblateProcess(["run", "tiny.yaml"], in: folder.path)
        #expect(run.code == 74)
        #expect(run.errors.contains("results/tiny: cannot create the folder: "), "\(run.errors)")
    }
}
