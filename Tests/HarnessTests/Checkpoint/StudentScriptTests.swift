import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Storage
@testable import Study

@Suite("A student leaves with a script that samples it") struct StudentScriptTests {
    let folder = TemporaryFolder()
    private var results: ResultsFolder { ResultsFolder(folder.file("results")) }
    private static let sit =
        "base.teacher.network={sit: {patch: 2, width: 8, depth: 2, heads: 2, times: {count: 4, lowest: 0.5, highest: 6}}}"

    /// Runs a tiny study of one run.
    /// - Returns: the folder of the run.
    private func run(_ yaml: String, _ settings: [String]) async throws -> String {
        let study = try Study(yaml: yaml, file: "tiny.yaml", settings: settings)
        let ended = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        try #require(ended.count > 0)
        return results.point(study.runs[0])
    }

    @Test(
        "PyTorch makes the stored samples from the stored noise, with classes and in several steps",
        .enabled(if: ExternalTool.hasTorch, "torch is not installed"), arguments: [true, false])
    func peer(isTransformer: Bool) async throws {
        let combined = "axes.objective={combined: {}}"
        let run = try await run(
            isTransformer ? TinyStudy.digits : TinyStudy.planar,
            ["axes.seed=[0]", combined] + (isTransformer ? [Self.sit] : []))
        let export = try CheckpointExport(run: run), weights = folder.file("student.safetensors")
        try export.write(.student, naming: .own, to: weights)
        let (files, refusal) = try export.writeScript(beside: weights)
        #expect(refusal == nil)
        #expect(files == [folder.file("student.py"), folder.file("student.samples.safetensors")])
        let check = ExternalTool.run("python3 '\(files[0])' --check")
        #expect(check.status == 0, "\(check.output)")
        #expect(check.output.hasPrefix("samples.1: 8 samples, largest relative difference "))
        let samples = ExternalTool.run("cd '\(folder.path)' && python3 student.py --count 3 --steps 2")
        let shape = isTransformer ? "[3, 1, 8, 8]" : "[3, 2]"
        #expect(samples.output == "wrote samples.pt: \(shape)\n" && samples.status == 0)
        // Another weight is another student: the check can fail.
        let tensors = try Safetensors(weights)
        let changed = try tensors.names.map { name in
            let shape = try #require(tensors.shape(name))
            return NamedTensor(name, shape, try tensors.values(name, shape: shape).map { $0 * 1.2 })
        }
        try Safetensors.write(changed, metadata: [], hashKey: "hash", to: weights)
        #expect(ExternalTool.run("python3 '\(files[0])' --check").status == 1)
    }

    @Test("a network that the script does not know is told, and nothing is left beside the weights")
    func refused() async throws {
        let run = try await run(
            TinyStudy.planar,
            [
                "axes.seed=[0]", "axes.objective={combined: {}}",
                "base.teacher.network={mpMLP: {width: 8, depth: 2, times: {count: 4, lowest: 0.5, highest: 6}}}",
            ])
        let found = try CheckpointExport(run: run).writeScript(beside: folder.file("student.safetensors"))
        #expect(found.files.isEmpty && found.refusal == "a network that keeps magnitudes")
        #expect(folder.names() == ["results"])
    }
}
