import Foundation
import TestSupport
import Testing

@testable import Results
@testable import Study

@Suite("A worker that is stopped is not waited for")
struct SilentWorkerTests {
    let folder = TemporaryFolder()

    /// Waits for the shortest silence that may be asked for, ten seconds.
    @Test("it is told as silent, ended, and its work tried again, with the same record")
    func stopped() throws {
        let study = TinyStudy.planar.changing("seed: [0, 1]", to: "seed: [0]").changing(
            "optimization: {steps: 20,", to: "optimization: {steps: 20000,")
        try folder.write(study, "tiny.yaml")
        #expect(try AblateProcess(["run", "tiny.yaml", "--results", "peace"], in: folder.path).code == 0)
        let running = try RunningAblate(["run", "tiny.yaml", "--jobs", "1", "--silence", "10"], in: folder.path)
        let deadline = Date() + 60
        var worker: pid_t?
        while worker == nil, running.isRunning, Date() < deadline {
            usleep(2000)
            if folder.contains("results/cache/training") { worker = running.hosts.flatMap(childProcesses).first }
        }
        kill(try #require(worker), SIGSTOP)
        let ended = running.finish()
        #expect(ended.code == 0, "\(ended.errors)")
        let point = "tiny/objective=combined,seed=0/run.h5"
        #expect(
            try Record.read(folder.file("results/" + point)).content
                == Record.read(folder.file("peace/" + point)).content)
    }
}
