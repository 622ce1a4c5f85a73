import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Storage
@testable import Study

/// Files of released models as people have them: in halves of precision, under prefixes, in shards, with what is no part of a model.
@Suite("Files of released SiT models") struct PublishedFileTests {
    let folder = TemporaryFolder()
    private var file: String { folder.file("model.safetensors") }
    private let model = SampleModel()

    private typealias Tensor = (name: String, type: String, shape: [Int], bytes: [UInt8])

    /// The tensors of a model under the published names.
    private func tensors(_ convert: ([Float]) -> [UInt8] = ArrayFiles.bytes, type: String = "F32") throws -> [Tensor] {
        let path = folder.file("plain.safetensors")
        try PublishedSiT.write(model.description, model.network, from: "model", convention: .sit, to: path)
        let file = try Safetensors(path)
        return try file.names.map { name in
            let shape = try #require(file.shape(name))
            return (name, type, shape, convert(try file.values(name, shape: shape)))
        }
    }

    private func write(_ tensors: [Tensor], metadata: [String: String] = [:]) throws {
        try folder.write(ArrayFiles.safetensors(tensors, metadata: metadata), to: "model.safetensors")
    }

    private func read(
        heads: Int? = 2, _ convention: PublishedSiT.Convention? = nil, from path: String? = nil
    ) throws -> PublishedModel {
        try PublishedSiT.model(
            path ?? file, image: model.image, PublishedOptions(heads: heads, convention: convention))
    }

    private func refusal(heads: Int? = 2, _ convention: PublishedSiT.Convention? = nil) -> String {
        errorText { try read(heads: heads, convention) }.replacing(folder.path + "/", with: "")
    }

    @Test("bfloat16 has its positions rounded, and is read")
    func brain() throws {
        try write(tensors(ArrayFiles.brain, type: "BF16"))
        let teacher = try read()
        // Half of 2⁻⁸ of each number, and the rotation of the time features.
        for (found, expected) in zip(teacher.network.numbers, model.network.numbers) {
            #expect(mismatch(found, expected, within: 0x1p-8) == nil)
        }
        let other = try tensors(ArrayFiles.brain, type: "BF16").map { tensor -> Tensor in
            guard tensor.name == PublishedSiT.positions else { return tensor }
            return (tensor.name, tensor.type, tensor.shape, Array(tensor.bytes.reversed()))
        }
        try write(other)
        #expect(refusal().hasPrefix("model.safetensors: tensor 'pos_embed': found "))
    }

    @Test(
        "prefixes that wrappers leave are stripped and said",
        arguments: ["module.", "_orig_mod.", "ema.module.", "model._orig_mod.module."])
    func prefixes(prefix: String) throws {
        try write(tensors().map { (prefix + $0.name, $0.type, $0.shape, $0.bytes) })
        let teacher = try read()
        #expect(mismatch(teacher.network.numbers, try plain().network.numbers) == nil)
        #expect(teacher.summary.contains("its tensors' names began with '\(prefix)', which was stripped"))
    }

    private func plain() throws -> PublishedModel { try read(from: folder.file("plain.safetensors")) }

    @Test("tensors that are no part of the model may have any type, and are told; others are refused")
    func beside() throws {
        let counter: Tensor = ("step", "I64", [], ArrayFiles.bytes([7] as [Int64]))
        try write(tensors() + [counter])
        #expect(try read().summary.contains("1 tensor left out that are no part of it (step)"))
        try write(tensors() + [("extra.weight", "F32", [2], ArrayFiles.bytes([1, 2] as [Float]))])
        #expect(
            refusal().hasPrefix(
                "model.safetensors: tensor 'extra.weight': found a name that a SiT teacher does not have"))
        let whole = try tensors().map { tensor -> Tensor in
            guard tensor.name == "final_layer.linear.bias" else { return tensor }
            return (tensor.name, "I32", tensor.shape, tensor.bytes)
        }
        try write(whole)
        #expect(
            refusal()
                == "model.safetensors: tensor 'final_layer.linear.bias': found dtype 'I32', allowed: F64, F32, F16, BF16"
        )
    }

    @Test("weights that are not finite are refused with their place")
    func finite() throws {
        let damaged = try tensors().map { tensor -> Tensor in
            guard tensor.name == "x_embedder.proj.bias" else { return tensor }
            return (tensor.name, "F32", tensor.shape, ArrayFiles.bytes([0, .nan] + [Float](repeating: 0, count: 6)))
        }
        try write(damaged)
        #expect(
            refusal()
                == "model.safetensors: tensor 'x_embedder.proj.bias': found nan at number 1, allowed: finite numbers")
    }

    @Test("the file's own convention is obeyed, and none may contradict it; REPA's projectors say theirs")
    func convention() throws {
        try write(tensors(), metadata: ["ablate.convention": "repa"])
        #expect(try read().convention == .repa && read(.repa).convention == .repa)
        #expect(
            refusal(.sit) == "model.safetensors: found the convention repa in its metadata, "
                + "allowed: sit, as is asked for; or --convention left out")
        try write(tensors())
        #expect(try read().convention == .sit && read(.repa).convention == .repa)
        try write(tensors() + [("projectors.0.weight", "F32", [1], ArrayFiles.bytes([1] as [Float]))])
        #expect(try read().convention == .repa)
        #expect(refusal(.sit).hasPrefix("model.safetensors: found REPA's projectors"))
    }

    @Test("heads are what the file says, what is published for the width, or have to be said")
    func heads() throws {
        try write(tensors())
        #expect(
            refusal(heads: nil)
                == "model.safetensors: found width 8, which is no published one, and no word of its heads, "
                + "allowed: --heads: no tensor tells it; a divisor of the width, of 1, 2, 4, 8")
        try write(tensors(), metadata: ["ablate.heads": "4"])
        #expect(try read(heads: nil).shape.heads == 4)
        #expect(refusal(heads: 2).hasPrefix("model.safetensors: found 4 heads in its metadata"))
    }

    @Test("shards that an index lists are one model, and a missing one is told")
    func shards() throws {
        let all = try tensors(), half = all.count / 2
        try folder.write(ArrayFiles.safetensors(Array(all[..<half])), to: "a.safetensors")
        try folder.write(ArrayFiles.safetensors(Array(all[half...])), to: "b.safetensors")
        let map = all.enumerated().map { "\"\($1.name)\": \"\($0 < half ? "a" : "b").safetensors\"" }
        let index = folder.file("model.safetensors.index.json")
        try folder.write(
            Array("{\"metadata\": {}, \"weight_map\": {\(map.joined(separator: ", "))}}".utf8),
            to: "model.safetensors.index.json")
        #expect(try mismatch(read(from: index).network.numbers, plain().network.numbers) == nil)
        try FileManager.default.removeItem(atPath: folder.file("b.safetensors"))
        #expect(errorText { try read(from: index) }.contains("b.safetensors: cannot read the checkpoint"))
    }

    @Test("a model without a table of classes has none")
    func unconditional() throws {
        try write(tensors().filter { $0.name != PublishedSiT.tableName })
        let teacher = try read()
        #expect(teacher.description.classes == 0 && teacher.network.classes == 0)
        #expect(teacher.summary.contains("no classes") && !teacher.summary.contains("class 0"))
    }

    @Test("a file of PyTorch is refused with the lines that convert it")
    func torch() throws {
        try folder.write(ArrayFiles.zip([("archive/data.pkl", [0x80])]), to: "model.safetensors")
        #expect(refusal().hasPrefix("model.safetensors: found a file of PyTorch, which runs code when it is opened"))
        #expect(refusal().contains("torch.load(\"model.safetensors\""))
    }

    @Test(
        "the line about it is what PyTorch computes from the same file",
        .enabled(if: ExternalTool.hasTorch, "torch is not installed"), arguments: PublishedSiT.Convention.allCases)
    func probe(convention: PublishedSiT.Convention) throws {
        try PublishedSiT.write(model.description, model.network, from: "model", convention: convention, to: file)
        let program = """
            import sys, torch
            sys.path.insert(0, "\(Package.folder)/Tests/Peers")
            import sit
            model = sit.load("\(file)")
            n = \(model.description.dimension)
            x = torch.sin(torch.arange(n).double()).reshape(1, \(model.image.channels), \(model.image.height), \(model.image.width))
            v = sit.forward(model, x, torch.tensor([0.5]).double(), torch.tensor([0]), 2).flatten()
            print(v.mean().item(), v.norm().item(), *v[:5].tolist())
            """
        let text = try ExternalTool.python(program, folder.file("probe"))
        let expected = text.split(whereSeparator: { " \n".contains($0) }).compactMap { Double($0) }
        try #require(expected.count == 7, "\(text)")
        let line = try #require(read().summary.split(separator: "\n").last)
        let numbers = line.split(whereSeparator: { " ,".contains($0) }).compactMap { Double($0) }
        // The line has six digits.
        #expect(mismatch(Array(numbers.suffix(7)), expected, within: 1e-4) == nil, "\(line)")
    }
}
