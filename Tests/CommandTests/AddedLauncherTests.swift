import ArgumentParser
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Study
@testable import ablate

@Suite("A launcher that is added")
struct AddedLauncherTests {
    /// Executes all in this process, as only this test does.
    private static let toy = RunLauncher(name: "inside", place: "in one process") { _, plan, workerOptions in
        let launcher = LocalLauncher(on: Ablate.backend, workerOptions: workerOptions)
        _ = try await Runner(plan, launcher: launcher, jobs: 1).run()
        return Plan(plan.study, results: plan.results)
    }

    @Test("is found by its name, stands in the help and executes a study")
    func everywhere() async throws {
        let folder = TemporaryFolder()
        try folder.write(TinyStudy.planar, "study.yaml")
        let file = folder.file("study.yaml")
        let line = [file, "--launcher", "inside", "--results", folder.file("results")]
        #expect(throws: (any Error).self) { try RunCommand.parse(line) }
        try await RunLauncher.$listed.withValue(RunLauncher.listed + [Self.toy]) {
            let command = try RunCommand.parse(line)
            #expect(RunCommand.helpMessage().contains("inside, in one"))
            let plan = Plan(
                try Study(yaml: TinyStudy.planar, file: file), results: ResultsFolder(folder.file("results")))
            #expect(!plan.pending.isEmpty)
            let over = try await command.launcher.carryOut(command, plan, WorkerOptions())
            #expect(over?.pending.isEmpty == true)
        }
    }
}
