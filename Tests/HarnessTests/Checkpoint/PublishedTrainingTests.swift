import Tensors
import FlowMaps
import TestSupport
import Testing

@testable import Storage
@testable import Study

/// A file as the released code saves a training, put together by name: none of it is this program's own writing.
@Suite("The state of a released SiT's training") struct PublishedTrainingTests {
    let folder = TemporaryFolder()
    private var file: String { folder.file("state.safetensors") }
    private static let image = ImageShape(channels: 4, height: 4, width: 4)
    private static let width = 8, rows = 6

    /// The published names with their shapes: S of width 8 with two blocks, a patch of 2, six rows of classes, eight output channels.
    private static var shapes: [(String, [Int])] {
        let ends: [(String, [Int])] = [
            ("x_embedder.proj.weight", [width, 4, 2, 2]), ("x_embedder.proj.bias", [width]),
            ("t_embedder.mlp.0.weight", [width, 256]), ("t_embedder.mlp.0.bias", [width]),
            ("t_embedder.mlp.2.weight", [width, width]), ("t_embedder.mlp.2.bias", [width]),
            ("y_embedder.embedding_table.weight", [rows, width]),
            ("final_layer.linear.weight", [32, width]), ("final_layer.linear.bias", [32]),
            ("final_layer.adaLN_modulation.1.weight", [2 * width, width]),
            ("final_layer.adaLN_modulation.1.bias", [2 * width]),
        ]
        let blocks = (0..<2).flatMap { index -> [(String, [Int])] in
            [
                ("attn.qkv", [3 * width, width]), ("attn.proj", [width, width]), ("mlp.fc1", [4 * width, width]),
                ("mlp.fc2", [width, 4 * width]), ("adaLN_modulation.1", [6 * width, width]),
            ].flatMap { [("blocks.\(index).\($0.0).weight", $0.1), ("blocks.\(index).\($0.0).bias", [$0.1[0]])] }
        }
        return ends + blocks
    }

    /// One model's tensors, its numbers by a seed.
    private func model(_ prefix: String, seed: UInt64) -> [NamedTensor] {
        let drawn = Self.shapes.map { name, shape in
            let values = RandomKey(seed: seed).folding(name).normal(count: shape.reduce(1, *))
            return NamedTensor(prefix + name, shape, values.map { 0.2 * $0 })
        }
        let table = Tensor.materialized([Patches(Self.image, side: 2).positions(width: Self.width)])[0]
        return drawn + [NamedTensor("\(prefix)pos_embed", [1, 4, Self.width], table)]
    }

    private func write(_ tensors: [NamedTensor]) throws {
        try Safetensors.write(tensors, metadata: [("format", "pt")], hashKey: "hash", to: file)
    }

    private func read(
        _ labels: PublishedLabels = PublishedLabels(), _ weights: PublishedSiT.Weights? = nil
    ) throws -> (description: CheckpointDescription, network: Network) {
        let model = try PublishedSiT.model(
            file, image: Self.image, PublishedOptions(heads: 2, labels: labels, weights: weights))
        return (model.description, model.network)
    }

    private func refusal(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "accepted"
        } catch { return "\(error)".replacing(folder.path + "/", with: "") }
    }

    @Test("its moving average is the teacher, its weights where they are asked for, and the optimiser's state is left")
    func parts() throws {
        try write(model("", seed: 1))
        let average = try read().network.numbers
        try write(model("", seed: 2))
        let weights = try read().network.numbers
        try write(
            model("ema.", seed: 1) + model("model.", seed: 2) + [NamedTensor("opt.state.0.exp_avg", [2], [0, 1])])
        #expect(mismatch(average, weights) != nil)
        #expect(try mismatch(read().network.numbers, average) == nil)
        #expect(try mismatch(read(PublishedLabels(), .ema).network.numbers, average) == nil)
        #expect(try mismatch(read(PublishedLabels(), .model).network.numbers, weights) == nil)
        try write(model("model.", seed: 2))
        #expect(try mismatch(read().network.numbers, weights) == nil)
        #expect(
            refusal { _ = try read(PublishedLabels(), .ema) }
                == "state.safetensors: found no names that begin with 'ema.', allowed: model")
    }

    @Test("its outputs beyond the velocity are kept and not read, its classes are five and none")
    func shape() throws {
        try write(model("ema.", seed: 1))
        let (description, network) = try read(PublishedLabels(dropout: 0.1))
        guard case .network(.sit(let shape), _, _) = description.model else { fatalError("it is a transformer") }
        #expect(shape.outputs == .velocityAndVariance && shape.depth == 2 && shape.times == .published)
        #expect(description.classes == 5 && description.labelDropout == 0.1 && network.classes == 5)
        let x = Tensor.normal([2, 64], key: RandomKey(seed: 3))
        let velocity = LearnedVelocity(network)(
            x, at: Tensor([0.3, 0.9], shape: [2, 1]), given: Condition(labels: Tensor([0, 5], shape: [2])))
        #expect(velocity.shape == [2, 64] && Tensor.materialized([velocity])[0].allSatisfy { $0.isFinite })
    }

    @Test("the row that stands for no class may be another one, or none")
    func nullClass() throws {
        try write(model("ema.", seed: 1))
        func table(_ null: PublishedLabels.NullClass) throws -> [[Float]] {
            let network = try read(PublishedLabels(null: null)).network
            let index = network.parameterNames.firstIndex(of: "label.table")!
            let values = network.numbers[index]
            return stride(from: 0, to: values.count, by: Self.width).map { Array(values[$0..<$0 + Self.width]) }
        }
        let rows = try table(.last)
        #expect(rows.count == 6)
        #expect(try table(.row(0)) == Array(rows.dropFirst()) + [rows[0]])
        #expect(try table(.row(5)) == rows)
        #expect(try table(.none) == rows + [[Float](repeating: 0, count: Self.width)])
        let description = try read(PublishedLabels(null: .none)).description
        #expect(description.classes == 6 && description.labelDropout == 0, "it cannot be guided")
        #expect(
            refusal { _ = try read(PublishedLabels(null: .row(6))) }
                == "state.safetensors: tensor 'y_embedder.embedding_table.weight': found 6 rows, "
                + "allowed: at least 7, as row 6 is no class")
    }

    @Test("what another model has and a SiT teacher has not is refused by its whole name; a projection head is left")
    func strangers() throws {
        try write(model("ema.", seed: 1) + [NamedTensor("ema.projectors.0.0.weight", [1], [0])])
        #expect(refusal { _ = try read() } == "accepted")
        try write(model("ema.", seed: 1) + [NamedTensor("ema.blocks.0.attn.r_norm.weight", [4], [1, 1, 1, 1])])
        #expect(
            refusal { _ = try read() }.hasPrefix(
                "state.safetensors: tensor 'ema.blocks.0.attn.r_norm.weight': found a name that a SiT teacher does not "
                    + "have, allowed: its 31 tensors"))
        try write(model("ema.", seed: 1).filter { $0.name != "ema.blocks.1.mlp.fc2.bias" })
        #expect(refusal { _ = try read() }.hasPrefix("state.safetensors: found no tensor 'ema.blocks.1.mlp.fc2.bias'"))
    }
}
