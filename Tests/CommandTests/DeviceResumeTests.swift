import Foundation
import TestSupport
import Testing
import XLA

@testable import Results
@testable import Study

@Suite(
    "A training on XLA that is killed",
    .enabled(
        if: !PluginSearch.current.paths.filter { !$0.contains("cuda") }.isEmpty,
        "no PJRT plug-in is installed: pip install --no-deps -r Tests/Peers/xla-requirements.txt"))
struct DeviceResumeTests {
    let folder = TemporaryFolder()

    private static let study = TinyStudy.planar.changing(
        "    prediction: {student: {method: {freeflow: {secondTerm: ~}}}}\n    combined: {}",
        to: "    long: {student: {optimization: {steps: 20000}}}"
    ).changing("seed: [0, 1]", to: "seed: [0]")
    private static let record = "results/tiny/objective=long,seed=0/run.h5"

    private func environment(_ folder: TemporaryFolder) -> [String: String] {
        let plugin = PluginSearch.current.paths.first { !$0.contains("cuda") }
        return ["XDG_CACHE_HOME": folder.path, "VIRTUAL_ENV": folder.path, "ABLATE_PJRT": plugin ?? ""]
    }

    private static let command = ["run", "tiny.yaml", "--jobs", "1", "--checkpoint", "0.05", "--device"]

    private var checkpoint: Data? {
        guard let run = try? Study(yaml: Self.study, file: "tiny.yaml").runs.first else { return nil }
        let journal = ResultsFolder("results").journal(.training(RunStage(run: run).student))
        return (try? Journal.read(folder.file(journal)))?.checkpoint
    }

    @Test("goes on there with the same bits, and on no other kind of device")
    func resumed() throws {
        let environment = environment(folder)
        try folder.write(Self.study, "tiny.yaml")
        let whole = try AblateProcess(
            Self.command + ["xla:cpu", "--results", "undisturbed"], in: folder.path, environment: environment)
        #expect(whole.code == 0, "\(whole.errors)")

        let running = try RunningAblate(Self.command + ["xla:cpu"], in: folder.path, environment: environment)
        let deadline = Date() + 60
        while running.isRunning, Date() < deadline, checkpoint == nil { usleep(5000) }
        for host in running.hosts { kill(host, SIGKILL) }
        running.signal(SIGKILL)
        _ = running.finish()
        #expect(!folder.contains(Self.record))

        // What is shared would be made there too, and so it is a copy.
        try FileManager.default.copyItem(atPath: folder.file("results"), toPath: folder.file("elsewhere"))
        let elsewhere = try AblateProcess(Self.command + ["cpu", "--results", "elsewhere"], in: folder.path)
        #expect(elsewhere.code == 74, "\(elsewhere.errors)")
        #expect(
            elsewhere.errors.contains(
                "cannot go on on cpu: it was begun on xla cpu: cpu; --device goes on there"), "\(elsewhere.errors)")

        let last = try AblateProcess(Self.command + ["xla:cpu"], in: folder.path, environment: environment)
        #expect(last.code == 0, "\(last.errors)")
        #expect(last.errors.contains(/long,seed=0: begun, from step [1-9]\d* of 20000/), "\(last.errors)")
        #expect(
            try Record.read(folder.file(Self.record)).content
                == Record.read(folder.file(Self.record.replacing("results", with: "undisturbed"))).content)
    }

    @Test("may be evaluated on another device, and the record says both")
    func both() throws {
        try folder.write(Self.study.changing("steps: 20000", to: "steps: 20"), "tiny.yaml")
        let run = try AblateProcess(
            ["run", "tiny.yaml", "--device", "xla:cpu", "--set", "base.evaluation.device=cpu"], in: folder.path,
            environment: environment(folder))
        #expect(run.code == 0, "\(run.errors)")
        let facts = try ResultsFolder.verifiedRecord(folder.file(Self.record)).provenance.facts
        #expect(facts.contains { $0.name == "instructionSet" })
        #expect(facts.contains { $0.name == "trainedOn" && $0.value.hasPrefix("device cpu, platform cpu, plugin ") })
    }
}
