import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Storage
@testable import Study

@Suite("Checkpoints") struct CheckpointTests {
    let folder = TemporaryFolder()
    private var file: String { folder.file("model.safetensors") }

    private func refusal(_ body: () throws -> Void) -> String {
        do {
            try body()
            return "accepted"
        } catch { return "\(error)".replacing(folder.path + "/", with: "") }
    }

    /// The bytes of a model's file, changed, in its place.
    private func damage(_ change: (inout Data) -> Void) throws {
        try SampleModel().write(to: file)
        var bytes = try #require(FileManager.default.contents(atPath: file))
        change(&bytes)
        try bytes.write(to: URL(fileURLWithPath: file))
    }

    /// The file with its header's JSON rewritten, of the same length.
    private func damageHeader(_ old: String, _ new: String) throws {
        precondition(old.utf8.count == new.utf8.count, "the header keeps its length")
        try damage { bytes in
            guard let place = bytes.range(of: Data(old.utf8)) else { fatalError("no \(old) in the header") }
            bytes.replaceSubrange(place, with: Data(new.utf8))
        }
    }

    @Test("a model comes back as it was, with what it is and where it is from")
    func roundTrip() throws {
        let model = SampleModel(outputs: .velocityAndVariance, conditioning: [.duration, .guidance])
        try model.write(to: file)
        let checkpoint = try Checkpoint(file)
        #expect(checkpoint.description == model.description && checkpoint.origin == "made: here\n")
        #expect(try mismatch(checkpoint.network(at: file).network.numbers, model.network.numbers) == nil)
        try model.write(to: folder.file("again.safetensors"))
        #expect(FileManager.default.contentsEqual(atPath: file, andPath: folder.file("again.safetensors")))
        #expect(try Checkpoint(folder.file("again.safetensors")).hash == checkpoint.hash && checkpoint.hash.count == 64)
    }

    static let forms: [MapForm] = [
        MapForm(head: .mixture(components: 2, over: .pixel, substeps: 3)),
        MapForm(head: .grid(points: 3, substeps: 3)),
        MapForm(conditioning: .decoupled(early: 0.5)),
        MapForm(conditioning: .decoupled(early: 0.5), head: .mixture(components: 2, over: .sample, substeps: 3)),
    ]

    @Test("a student of another form comes back, samples as it did, and is no teacher", arguments: forms)
    func otherForm(form: MapForm) throws {
        let model = SampleModel(conditioning: [.guidance], form: form)
        try model.write(to: file)
        let checkpoint = try Checkpoint(file)
        let network = try checkpoint.network(at: file).network
        #expect(network.form == form)
        #expect(mismatch(network.numbers, model.network.numbers) == nil)
        #expect(checkpoint.description == model.description)
        let sampling = CheckpointSampling(count: 3, seed: 1, scale: 2)
        let samples = try sampling.draw(from: checkpoint, at: file, on: onCPU { $0 })
        let noise = Tensor(RandomKey(seed: 1).folding("sample").normal(count: 3 * 32), shape: [3, 32])
        let condition = Condition(labels: Tensor([0, 1, 2], shape: [3]), guidance: Tensor(2).broadcast(to: [3, 1]))
        let expected = LearnedFlowMap(model.network).sample(noise, given: condition)
        #expect(mismatch(samples.values, Tensor.materialized([expected])[0]) == nil)
        #expect(samples.evaluations == 1)
        let error = errorText {
            try PublishedSiT.write(
                model.description, model.network, from: file, convention: .sit, to: folder.file("published.safetensors")
            )
        }
        #expect(error.contains("found a student that is decoupled or gives a policy"))
    }

    @Test("a classifier comes back as it was, and is no network")
    func classifier() throws {
        let training = Classifier.Training(
            width: 4, features: 3, heldOut: 0.5, augmentation: Augmentation(kinds: [], strength: 0),
            optimization: Optimization(steps: 1, batch: 1, learningRate: 1, warmUp: 0, cooldown: 0, clip: 1, ema: .none)
        )
        let built = training.build(dimension: 6, image: nil, classes: 2, key: RandomKey(seed: 1))
        let classifier = onCPU { try built.materialized(on: $0) }
        let description = CheckpointDescription(
            role: .classifier, model: .classifier(training: training), dimension: 6, image: nil, classes: 2)
        try Checkpoint.write(classifier, description, origin: nil, to: file)
        let checkpoint = try Checkpoint(file)
        guard case .classifier(let found) = checkpoint.content else { fatalError("it is a classifier") }
        #expect(mismatch(Tensor.materialized(found.parameters), Tensor.materialized(classifier.parameters)) == nil)
        #expect(
            refusal { _ = try checkpoint.network(at: "model.safetensors") }
                == "model.safetensors: found a classifier, allowed: a teacher, a student or an auxiliary")
    }

    @Test("the header begins the numbers at a multiple of 8")
    func alignment() throws {
        try SampleModel().write(to: file)
        let header = try Safetensors(file).header
        #expect(header.dataStart.isMultiple(of: 8))
        #expect(header.metadata.contains { $0.key == "format" && $0.value == "pt" })
        #expect(header.entries.map(\.name) == header.entries.map(\.name).sorted())
    }

    @Test("a flipped bit is reported", arguments: [-1, -1000, -3000])
    func flipped(place: Int) throws {
        try damage { $0[$0.count + place] ^= 1 }
        #expect(
            refusal { _ = try Checkpoint(file) }
                == "model.safetensors: found numbers or names that do not fit the hash, "
                + "allowed: the file as it was written: it is damaged")
    }

    @Test("a specification changed by hand is reported")
    func changedSpecification() throws {
        try damageHeader("heads: 2", "heads: 4")
        #expect(refusal { _ = try Checkpoint(file) }.contains("do not fit the hash"))
    }

    @Test("a file that is cut off is reported, wherever")
    func truncated() throws {
        try damage { $0.removeLast(5) }
        let message = refusal { _ = try Checkpoint(file) }
        #expect(message.hasPrefix("model.safetensors: found ") && message.hasSuffix(", as the header says"))
        try damage { $0 = $0.prefix(100) }
        #expect(refusal { _ = try Checkpoint(file) }.hasSuffix("as the file says: it is cut off"))
        try damage { $0 = $0.prefix(5) }
        #expect(
            refusal { _ = try Checkpoint(file) }
                == "model.safetensors: found 5 bytes, allowed: a safetensors file of at least 8")
        try damage { $0 = Data("this is no such file at all".utf8) }
        #expect(refusal { _ = try Checkpoint(file) }.hasSuffix("is it a safetensors file?"))
    }

    @Test("tensors that overlap, leave a gap, or are not as large as their shape are reported")
    func places() throws {
        try damageHeader(
            "\"blocks.0.attention.input.bias\":{\"data_offsets\":[0,96]",
            "\"blocks.0.attention.input.bias\":{\"data_offsets\":[1,97]")
        #expect(
            refusal { _ = try Checkpoint(file) }
                == "model.safetensors: tensor 'blocks.0.attention.input.bias': found a beginning at 1, "
                + "which has a gap before it, allowed: 0")
        try damageHeader("[96,864]", "[95,863]")
        #expect(refusal { _ = try Checkpoint(file) }.contains("which overlaps the one before it, allowed: 96"))
        try damageHeader("\"shape\":[24]", "\"shape\":[25]")
        #expect(refusal { _ = try Checkpoint(file) }.contains("found 96 bytes, allowed: 100, as shape [25] of F32 has"))
        try damageHeader("\"dtype\":\"F32\"", "\"dtype\":\"I32\"")
        #expect(refusal { _ = try Checkpoint(file) }.contains("found numbers or names that do not fit the hash"))
    }

    @Test("a tensor that is missing, misnamed, too many or of another shape is reported")
    func tensors() throws {
        let model = SampleModel()
        let names = model.network.parameterNames
        let whole = zip(names, zip(model.network.parameters, model.network.numbers)).map {
            NamedTensor($0, $1.0.shape.dimensions, $1.1)
        }
        func refused(_ tensors: [NamedTensor]) -> String {
            refusal {
                try Checkpoint.write(tensors, model.description, origin: nil, to: file)
                _ = try Checkpoint(file)
            }
        }
        #expect(refused(whole) == "accepted")
        #expect(
            refused(whole.filter { $0.name != "embedding.bias" })
                == "model.safetensors: found no tensor 'embedding.bias', allowed: one of shape [8]")
        #expect(
            refused(whole.map { $0.name == "embedding.bias" ? NamedTensor("embeding.bias", $0.shape, $0.values) : $0 })
                .hasSuffix("did you mean 'embeding.bias'?"))
        #expect(
            refused(whole + [NamedTensor("outputs.bias", [1], [0])]).contains(
                "tensor 'outputs.bias': found a name that the model does not have"))
        #expect(
            refused(whole.map { $0.name == "embedding.bias" ? NamedTensor($0.name, [2, 4], $0.values) : $0 })
                == "model.safetensors: tensor 'embedding.bias': found shape [2, 4], allowed: [8]")
    }

    @Test("numbers of other types are read, and a file of another program is refused as a checkpoint")
    func types() throws {
        let header = """
            {"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]},"b":{"dtype":"BF16","shape":[1],"data_offsets":[4,6]},\
            "c":{"dtype":"F64","shape":[],"data_offsets":[6,14]}}
            """
        var bytes = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Data($0) } + Data(header.utf8)
        // 1 and -2 in half precision, 3 in bfloat16, 0.1 in double.
        bytes +=
            Data([0x00, 0x3c, 0x00, 0xc0, 0x40, 0x40]) + withUnsafeBytes(of: 0.1.bitPattern.littleEndian) { Data($0) }
        try bytes.write(to: URL(fileURLWithPath: file))
        let tensors = try Safetensors(file)
        #expect(try tensors.values("a", shape: [2]) == [1, -2])
        #expect(try tensors.values("b", shape: [1]) == [3])
        #expect(try tensors.values("c", shape: []) == [0.1])
        #expect(
            refusal { _ = try Checkpoint(file) }
                == "model.safetensors: found tensors of another program, "
                + "allowed: schema 'ablate.checkpoint/2'; ablate import reads a released SiT model")
        #expect(
            refusal { _ = try Checkpoint(folder.file("none.safetensors")) }
                == "none.safetensors: cannot read the checkpoint: No such file or directory")
    }
}
