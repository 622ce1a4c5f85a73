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
        let export = try CheckpointExport(run: run, on: onCPU { $0 }), weights = folder.file("student.safetensors")
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
        #expect(ExternalTool.run("python3 '\(files[0])' --check").status != 0)
    }

    /// Students of other networks and heads, on the digits.
    enum Kind: String, CaseIterable {
        case mpMLP, mpSiT, preconditioned, qkNorm, noisePrediction, mixture, grid

        private static let times = "times: {count: 4, lowest: 0.5, highest: 6}"
        private static let sit = "patch: 2, width: 8, depth: 2, heads: 2, \(times)"

        private var network: String {
            switch self {
            case .mpMLP: "{mpMLP: {width: 8, depth: 2, \(Self.times)}}"
            case .mpSiT: "{mpSiT: {\(Self.sit)}}"
            case .preconditioned:
                "{preconditioned: {sigmaData: 0.5, network: {mpMLP: {width: 8, depth: 2, \(Self.times)}}}}"
            case .noisePrediction:
                "{noisePrediction: {schedule: {linear: {steps: 100, first: 0.001, last: 0.2}}, network: {sit: {\(Self.sit)}}}}"
            case .qkNorm: "{sit: {\(Self.sit), qkNorm: rmsNorm}}"
            case .mixture, .grid: "{sit: {\(Self.sit)}}"
            }
        }

        private var method: String? {
            switch self {
            case .mixture: "{piFlow: {head: {mixture: {components: 2, over: pixel, substeps: 4}}, \(Self.target)}}"
            case .grid: "{piFlow: {head: {grid: {points: 3, substeps: 4}}, \(Self.target)}}"
            default: nil
            }
        }

        private static let target = "target: {imitation: {places: 2, substeps: 2}}"

        var settings: [String] {
            ["axes.seed=[0]", "axes.objective={only: {}}", "base.teacher.network=\(network)"]
                + (method.map { ["base.student.method=\($0)"] } ?? [])
        }
    }

    @Test(
        "so it is for networks that keep magnitudes, predict noise or lie between scales, and for policies",
        .enabled(if: ExternalTool.hasTorch, "torch is not installed"), arguments: Kind.allCases)
    func kinds(kind: Kind) async throws {
        let run = try await run(TinyStudy.digits, kind.settings)
        let export = try CheckpointExport(run: run, on: onCPU { $0 }), weights = folder.file("student.safetensors")
        try export.write(.student, naming: .own, to: weights)
        let found = try export.writeScript(beside: weights)
        let script = try #require(found.files.first, "\(found.refusal ?? "no file")")
        let check = ExternalTool.run("python3 '\(script)' --check")
        #expect(check.status == 0, "\(check.output)")
        #expect(check.output.hasPrefix("samples.1: 8 samples, largest relative difference "))
    }

    @Test(
        "and from weights under PyTorch's names, of either direction of time",
        .enabled(if: ExternalTool.hasTorch, "torch is not installed"), arguments: PublishedSiT.Convention.allCases)
    func released(convention: PublishedSiT.Convention) async throws {
        let run = try await run(TinyStudy.digits, ["axes.seed=[0]", "axes.objective={combined: {}}", Self.sit])
        let export = try CheckpointExport(run: run, on: onCPU { $0 }), weights = folder.file("student.safetensors")
        try export.write(.student, naming: .published(convention), to: weights)
        let found = try export.writeScript(beside: weights, naming: .published(convention))
        let check = ExternalTool.run("python3 '\(try #require(found.files.first))' --check")
        #expect(check.status == 0 && check.output.hasPrefix("samples.1: 8 samples"), "\(check.output)")
    }
}
