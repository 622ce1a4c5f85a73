import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Storage
@testable import Study

/// Models as PyTorch's users have them, made by PyTorch code of the tests with random weights.
@Suite("Models made by PyTorch", .enabled(if: ExternalTool.hasTorch, "torch is not installed"))
struct ImportedModelTests {
    let folder = TemporaryFolder()
    private var file: String { folder.file("model.safetensors") }
    private static let image = ImageShape(channels: 2, height: 4, width: 4)
    /// float32 through two blocks against PyTorch in float64, of outputs up to about 15.
    private static let singlePrecision = 2e-5

    /// The outputs that PyTorch has for the inputs of `models.py`.
    private func made(_ kind: String) throws -> [Double] {
        let text = ExternalTool.run("python3 '\(Package.folder)/Tests/Peers/models.py' \(kind) '\(file)'").output
        let numbers = text.split(separator: "\n").compactMap { Double($0) }
        try #require(numbers.count == 3 * 32, "\(text)")
        return numbers
    }

    private func read(_ change: (inout PublishedOptions) -> Void = { _ in }) throws -> PublishedModel {
        var options = PublishedOptions(heads: 4)
        change(&options)
        return try PublishedSiT.model(file, image: Self.image, options)
    }

    /// The outputs of a model for the same inputs.
    private func outputs(of model: PublishedModel) -> [Double] {
        let rows = 3, dimension = model.description.dimension
        let x = (0..<rows * dimension).map { Float(sin(0.37 * Double($0))) }
        let times: [Float] = [0.2, 0.5, 0.9], ends: [Float] = [0, 0.3, 0.4]
        let velocity = model.network(
            Tensor(x, shape: [rows, dimension]), time: Tensor(times, shape: [rows, 1]),
            duration: Tensor(zip(times, ends).map { $0 - $1 }, shape: [rows, 1]),
            Condition(labels: model.description.classes > 0 ? Tensor([0, 2, 3], shape: [rows]) : nil))
        return Tensor.materialized([velocity])[0].map(Double.init)
    }

    @Test(
        "a SiT with norms of queries and keys, or without classes, gives PyTorch's velocity",
        arguments: ["qk-layer", "qk-rms", "unconditional", "diffusers-sit"])
    func velocity(kind: String) throws {
        let expected = try made(kind), model = try read()
        #expect(mismatch(outputs(of: model), expected, within: Self.singlePrecision) == nil)
        #expect(model.description.role == .teacher && (model.description.classes == 0) == (kind == "unconditional"))
        #expect(model.shape.qkNorm == ["qk-layer": .layerNorm, "qk-rms": .rmsNorm][kind])
    }

    @Test(
        "a DiT's noise is read as a velocity, under its own names and diffusers'", arguments: ["dit", "diffusers-dit"])
    func noise(kind: String) throws {
        let expected = try made(kind), model = try read { $0.prediction = .noise(.published) }
        // At t = 0.9 the step is near 800 and the velocity ten times the noise: PyTorch's own float32 is 3.5e-5 from its float64 there.
        #expect(mismatch(outputs(of: model), expected, within: 3 * Self.singlePrecision) == nil)
        #expect(
            model.summary.contains(
                "it predicts noise, read as a velocity: its 1000 steps lie at t from 0.009901 to 0.9937"))
        guard case .network(.noisePrediction(.published, .sit), [], nil) = model.description.model else {
            Issue.record("\(model.description.model)")
            return
        }
        let path = folder.file("teacher.safetensors")
        try Checkpoint.write(model.network, model.description, origin: nil, to: path)
        let (_, network) = try Checkpoint(path).network(at: path)
        #expect(network.numbers == model.network.numbers)
        #expect(
            errorText { try read { ($0.prediction, $0.convention) = (.noise(.published), .sit) } }.contains(
                "found a convention of velocities, allowed: none with --prediction noise"))
    }

    @Test(
        "MeanFlow's second time is the end of the step or its length, and has to be said",
        arguments: ["end", "duration"])
    func meanFlow(time: String) throws {
        let expected = try made("meanflow-\(time)")
        #expect(errorText { try read() }.contains("found an r_embedder, as MeanFlow students have"))
        let model = try read { $0.secondTime = PublishedOptions.SecondTime(rawValue: time) }
        #expect(mismatch(outputs(of: model), expected, within: Self.singlePrecision) == nil)
        #expect(model.description.role == .student && model.convention == .repa && model.network.isMap)
        let path = folder.file("student.safetensors")
        try Checkpoint.write(model.network, model.description, origin: nil, to: path)
        let sampling = CheckpointSampling(count: 3, seed: 1, studentSteps: 2)
        let samples = onCPU { try sampling.draw(from: Checkpoint(path), at: path, on: $0) }
        #expect(samples.evaluations == 2 && samples.values.allSatisfy(\.isFinite))
    }

    @Test("MeanFlow's student is an arm of a study, scored beside one that is trained")
    func meanFlowArm() async throws {
        _ = try made("meanflow-end")
        let model = try read { $0.secondTime = .end }
        try Checkpoint.write(
            model.network, model.description, origin: nil, to: folder.file("published.safetensors"))
        let count = 30, numbers = (0..<count * 32).map { Float(sin(0.7 * Double($0))) }
        let samples = folder.file("samples.npy"), labels = folder.file("labels.npy")
        try Data(ArrayFiles.npy("<f4", [count, 2, 4, 4], ArrayFiles.bytes(numbers))).write(to: URL(filePath: samples))
        try Data(ArrayFiles.npy("<i4", [count], ArrayFiles.bytes((0..<Int32(count)).map { $0 % 3 }))).write(
            to: URL(filePath: labels))
        let yaml =
            TinyStudy.planar.components(separatedBy: "axes:")[0].changing(
                "{planar: {set: eightGaussians, count: 200}}",
                to: "{arrays: {file: samples.npy, labelFile: labels.npy, layout: nchw}}") + """
                axes:
                  student: {trained: {}, published: {student: !replace {checkpoint: published.safetensors}}}

                """
        let results = ResultsFolder(folder.file("results"))
        let study = try Study(yaml: yaml, file: folder.file("study.yaml"), settings: ["base.evaluation.steps=[1,2]"])
        let endings = try await Runner(Plan(study, results: results), launcher: LocalLauncher(), jobs: 1).run()
        #expect(endings.allSatisfy { $0.stageResult == .done }, "\(endings.map(\.stageResult))")
        let records = try results.records(of: results.study("tiny")).records
        #expect(records.map { $0.run["student"] } == ["trained", "published"])
        for score in ["frechetDistance", "frechetDistance@2"] {
            #expect(try #require(records[1].evaluation.last[score]).isFinite)
        }
        let left = try Checkpoint(results.checkpoint(.student, of: records[1].run))
        #expect(try left.network(at: file).network.numbers == model.network.numbers)
    }

    @Test("blocks that differ in their copies of an embedder are no released model")
    func copies() throws {
        _ = try made("diffusers-sit")
        let whole = try Safetensors(file)
        let tensors = try whole.names.map { name in
            let shape = try #require(whole.shape(name)), values = try whole.values(name, shape: shape)
            let isChanged = name == "transformer_blocks.1.norm1.emb.timestep_embedder.linear_1.bias"
            return NamedTensor(name, shape, isChanged ? values.map { $0 + 1 } : values)
        }
        try Safetensors.write(tensors, metadata: [], hashKey: "hash", to: file)
        #expect(errorText { try read() }.contains("found other numbers than in 'transformer_blocks.0.norm1.emb"))
    }
}
