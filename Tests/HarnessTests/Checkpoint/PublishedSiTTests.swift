import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Storage
@testable import Study

@Suite("Released SiT models") struct PublishedSiTTests {
    let folder = TemporaryFolder()
    private var file: String { folder.file("published.safetensors") }
    /// The rotation of the time features, in float32 there and back.
    private static let rounding: Float = 1e-6
    /// float32 through two blocks against PyTorch in float64.
    private static let singlePrecision = 2e-5

    private func write(_ model: SampleModel, _ convention: PublishedSiT.Convention) throws {
        try PublishedSiT.write(model.description, model.network, from: "model", convention: convention, to: file)
    }

    private func refusal(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "accepted"
        } catch { return "\(error)".replacing(folder.path + "/", with: "") }
    }

    @Test(
        "a model comes back under the same names as it was, of either convention",
        arguments: PublishedSiT.Convention.allCases)
    func roundTrip(convention: PublishedSiT.Convention) throws {
        let model = SampleModel(outputs: .velocityAndVariance)
        try write(model, convention)
        let read = try PublishedSiT.model(file, image: model.image, PublishedOptions(heads: 2, convention: convention))
        let (description, network) = (read.description, read.network)
        #expect(description.model == .network(shape: .sit(model.shape), conditioning: []))
        #expect(description.classes == 3 && network.parameterNames == model.network.parameterNames)
        for (found, expected) in zip(network.numbers, model.network.numbers) {
            #expect(zip(found, expected).allSatisfy { abs($0 - $1) < Self.rounding })
        }
    }

    @Test(
        "a model without classes comes back without, and queries and keys with their norm",
        arguments: [nil, QueryKeyNorm.Kind.rmsNorm, .layerNorm])
    func parts(norm: QueryKeyNorm.Kind?) throws {
        let model = SampleModel(classes: 0, qkNorm: norm)
        try write(model, .sit)
        let read = try PublishedSiT.model(file, image: model.image)
        #expect(read.description.classes == 0 && read.shape.qkNorm == norm)
        #expect(mismatch(read.network.numbers, model.network.numbers, within: Double(Self.rounding)) == nil)
    }

    @Test("its names and shapes are those of the released models")
    func names() throws {
        try write(SampleModel(times: .published, outputs: .velocityAndVariance), .sit)
        let tensors = try Safetensors(file)
        let block = [
            "adaLN_modulation.1": [48, 8], "attn.proj": [8, 8], "attn.qkv": [24, 8], "mlp.fc1": [32, 8],
            "mlp.fc2": [8, 32],
        ]
        var expected: [String: [Int]] = [
            "pos_embed": [1, 4, 8], "x_embedder.proj.weight": [8, 2, 2, 2], "x_embedder.proj.bias": [8],
            "t_embedder.mlp.0.weight": [8, 256], "t_embedder.mlp.0.bias": [8], "t_embedder.mlp.2.weight": [8, 8],
            "t_embedder.mlp.2.bias": [8], "y_embedder.embedding_table.weight": [4, 8],
            "final_layer.linear.weight": [16, 8],
            "final_layer.linear.bias": [16], "final_layer.adaLN_modulation.1.weight": [16, 8],
            "final_layer.adaLN_modulation.1.bias": [16],
        ]
        for index in 0..<2 {
            for (name, shape) in block {
                expected["blocks.\(index).\(name).weight"] = shape
                expected["blocks.\(index).\(name).bias"] = [shape[0]]
            }
        }
        let found = Dictionary(uniqueKeysWithValues: tensors.header.entries.map { ($0.name, $0.shape) })
        #expect(found == expected)
    }

    @Test("other time features than the released ones are carried along, so that nothing is silently another function")
    func frequencies() throws {
        let model = SampleModel(times: Frequencies(count: 3, lowest: 0.5, highest: 6))
        try write(model, .sit)
        let values = try Safetensors(file).values(PublishedSiT.frequencies, shape: [3])
        #expect(values[0] == 6 && abs(values[2] - 0.5) < Self.rounding)
        let read = try PublishedSiT.model(file, image: model.image, PublishedOptions(heads: 2, convention: .sit))
        guard case .network(.sit(let shape), _, _) = read.description.model else { fatalError("it is a transformer") }
        #expect(abs(shape.times.lowest - 0.5) < 1e-6 && abs(shape.times.highest - 6) < 1e-6)
    }

    @Test("what is missing, of another shape or another model is refused, and nothing is written")
    func refusals() throws {
        let model = SampleModel()
        try write(model, .sit)
        func refused(_ image: ImageShape, heads: Int? = 2) -> String {
            refusal {
                _ = try CheckpointImport.write(
                    file, image: image, PublishedOptions(heads: heads, convention: .sit),
                    to: folder.file("own.safetensors"), on: onCPU { $0 })
            }
        }
        #expect(
            refused(ImageShape(channels: 3, height: 4, width: 4))
                == "published.safetensors: tensor 'x_embedder.proj.weight': found shape [8, 2, 2, 2], "
                + "allowed: 3 channels, as the image has")
        #expect(
            refused(ImageShape(channels: 2, height: 8, width: 8))
                == "published.safetensors: tensor 'pos_embed': found shape [1, 4, 8], allowed: [1, 16, 8]")
        #expect(
            refused(model.image, heads: 3).contains(
                "found 2 heads in its metadata, allowed: 3, as is asked for; or no --heads"))
        try SampleModel().write(to: file)
        #expect(
            refused(model.image).hasPrefix("published.safetensors: found no tensor 'x_embedder.proj.weight'")
                || refused(model.image).hasPrefix("published.safetensors: found no tensor 'y_embedder"))
        #expect(folder.names() == ["published.safetensors"])
        try write(model, .sit)
        try Data("kept".utf8).write(to: URL(fileURLWithPath: folder.file("own.safetensors")))
        #expect(
            refused(model.image)
                == "own.safetensors: cannot import the checkpoint: File exists; --overwrite replaces it")
        #expect(FileManager.default.contents(atPath: folder.file("own.safetensors")) == Data("kept".utf8))
    }

    @Test(
        "PyTorch computes the same velocity from the exported file, time and sign being its own",
        .enabled(if: ExternalTool.hasTorch, "torch is not installed"),
        arguments: PublishedSiT.Convention.allCases,
        [Frequencies.published, Frequencies(count: 3, lowest: 0.5, highest: 6)])
    func peer(convention: PublishedSiT.Convention, times: Frequencies) throws {
        let model = SampleModel(times: times, outputs: .velocityAndVariance)
        try write(model, convention)
        let rows = 3, dimension = model.description.dimension
        let x = RandomKey(seed: 7).normal(count: rows * dimension), own: [Float] = [0.1, 0.5, 0.9]
        let labels: [Float] = [0, 2, 3]
        let there = convention == .sit ? own.map { 1 - $0 } : own
        try Safetensors.write(
            [
                NamedTensor("x", [rows, model.image.channels, model.image.height, model.image.width], x),
                NamedTensor("t", [rows], there), NamedTensor("y", [rows], labels),
            ], metadata: [], hashKey: "hash", to: folder.file("inputs.safetensors"))
        let text = ExternalTool.run(
            "python3 '\(Package.folder)/Tests/Peers/sit.py' '\(file)' '\(folder.file("inputs.safetensors"))' 2"
        ).output
        let published = text.split(separator: "\n").compactMap { Double($0) }
        try #require(published.count == rows * dimension, "\(text)")
        let velocity = model.network(
            Tensor(x, shape: [rows, dimension]), time: Tensor(own, shape: [rows, 1]), duration: nil,
            Condition(labels: Tensor(labels, shape: [rows])))
        let sign: Double = convention == .sit ? -1 : 1
        let found = Tensor.materialized([velocity])[0].doubles
        #expect(mismatch(found, published.map { sign * $0 }, within: Self.singlePrecision) == nil)
        #expect(found.contains { abs($0) > 0.1 })
    }
}
