import Foundation
import TestSupport
import Testing

@testable import Results
@testable import Study

@Suite("Work that fails is that work's failure alone")
struct FailedWorkTests {
    let folder = TemporaryFolder()

    /// Two arms, the first of them long enough (about a second) to be caught at work.
    private static let study = TinyStudy.planar.changing(
        "    prediction: {student: {method: {freeflow: {secondTerm: ~}}}}\n    combined: {}",
        to: "    long: {student: {optimization: {steps: 60000}}}\n    short: {}"
    ).changing("seed: [0, 1]", to: "seed: [0]")
    private static let long = "results/tiny/objective=long,seed=0", short = "results/tiny/objective=short,seed=0"

    @Test(
        "a worker that is killed leaves no half-written record, is not tried again unless asked, and then goes on",
        arguments: ["alone", "with its host"])
    func killed(_ way: String) throws {
        try folder.write(Self.study, "tiny.yaml")
        let running = try RunningAblate(["run", "tiny.yaml", "--jobs", "1"], in: folder.path)
        // With one job the longest training comes first, and its log is there before its process.
        let run = try #require(try Study(yaml: Self.study, file: "tiny.yaml").runs.first)
        let log = ResultsFolder("results").log(.training(RunStage(run: run).student))
        let deadline = Date() + 60
        var hosts: [pid_t] = [], workers: [pid_t] = []
        while workers.isEmpty, running.isRunning, Date() < deadline {
            usleep(2000)
            if folder.contains(log) {
                hosts = running.hosts
                workers = hosts.flatMap(childProcesses)
            }
        }
        #expect(hosts.count == 1 && workers.count == 1)
        let threads = try hosts.map { try FileManager.default.contentsOfDirectory(atPath: "/proc/\($0)/task").count }
        #expect(threads == [1], "what another thread held locked would stay locked in the copy")
        // Its process takes the lock of the work, by which it is known to be at it, some milliseconds later.
        var status = try AblateProcess(["status", "results/tiny"], in: folder.path)
        while !status.output.contains("running"), running.isRunning, Date() < deadline {
            status = try AblateProcess(["status", "results/tiny"], in: folder.path)
        }
        #expect(status.code == 0)
        #expect(status.output.contains("1 running, 4 to do") && status.output.contains("objective=long,seed=0"))
        for process in way == "alone" ? workers : hosts { kill(process, SIGKILL) }
        let ended = running.finish()
        #expect(ended.code == 1)
        #expect(ended.errors.contains("objective=long,seed=0: failed: the worker was ended by signal 9 ("))
        #expect(ended.errors.contains("objective=short,seed=0: done ("))
        #expect(ended.errors.hasSuffix("2 pieces of work failed, 0 runs diverged\n"))
        #expect(ended.output.contains("\nshort ") && !ended.output.contains("\nlong "))
        #expect(ended.output.contains("Wrote results/tiny/<1 runs>/run.h5\n"))
        #expect(!folder.contains(Self.long + "/run.h5"))
        #expect(folder.contains(Self.short + "/run.h5"))
        #expect(try folder.files().keys.filter { $0.hasSuffix(".tmp") } == [])

        let left = try AblateProcess(["run", "tiny.yaml"], in: folder.path)
        #expect(left.code == 1)
        #expect(
            left.errors.contains(
                "objective=long,seed=0: failed: before: the worker was ended by signal 9; --retry-failed tries again (")
        )
        let again = try AblateProcess(["run", "tiny.yaml", "--retry-failed"], in: folder.path)
        #expect(again.code == 0)
        #expect(again.errors.contains("objective=long,seed=0: done ("))
        #expect(!again.errors.contains("objective=short"), "what was done stays done")
        #expect(!again.errors.contains("teacher") || again.errors.contains("of 5 pieces of work are done already.\n"))
        #expect(again.output.contains("\nlong ") && again.output.contains("\nshort "))
    }

    @Test("and an older record under the same name is not taken for the failed one's")
    func stale() throws {
        try folder.write(TinyStudy.planar.changing("seed: [0, 1]", to: "seed: [0]"), "tiny.yaml")
        let first = try AblateProcess(["run", "tiny.yaml"], in: folder.path)
        #expect(first.code == 0)
        // A teacher that cannot be written: a folder has its name.
        let cache = folder.file("results/cache/teacher")
        try FileManager.default.removeItem(atPath: cache)
        try folder.write("no folder", "results/cache/teacher")
        let run = try AblateProcess(
            ["run", "tiny.yaml", "--set", "base.teacher.optimization.steps=41", "--set", "study=tiny"], in: folder.path)
        #expect(run.code == 74)
        #expect(run.errors.contains("results/cache/teacher: cannot create the folder: "), "\(run.errors)")
        #expect(run.errors.hasSuffix("6 pieces of work were not done: files could not be read or written\n"))
        #expect(run.output.contains("Wrote results/tiny/<0 runs>/run.h5\n"))
        #expect(!run.output.contains("\nprediction "))
    }

    @Test("a held-out share that leaves no sample is reported")
    func heldOut() throws {
        try folder.write(TinyStudy.digits, "tiny.yaml")
        let run = try AblateProcess(
            [
                "run", "tiny.yaml", "--set", "base.evaluation.features.classifier.heldOut=1.0e-9", "--set",
                "axes.seed=[0]",
            ],
            in: folder.path)
        #expect(run.code == 1)
        #expect(
            run.errors.contains(
                "heldOut: found 1e-09, which leaves 1797 samples and holds out 0, "
                    + "allowed: a share that has samples on both sides"), "\(run.errors)")
    }
}
