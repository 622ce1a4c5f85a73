import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Results
@testable import Storage
@testable import Study

@Suite("Large data are read while they are trained on") struct MappedDataTests {
    let folder = TemporaryFolder()

    /// 300 images of 2 × 2 × 2 of three classes.
    private func source() throws -> DatasetSource {
        let numbers = (0..<300 * 8).map { sin(Float($0)) }, labels = (0..<300).map { Int64($0 * 7 % 3) }
        try folder.write(
            ArrayFiles.zip([
                ("x.npy", ArrayFiles.npy("<f4", [300, 2, 2, 2], ArrayFiles.bytes(numbers))),
                ("y.npy", ArrayFiles.npy("<i8", [300], ArrayFiles.bytes(labels))),
            ]), to: "data.npz")
        return try DatasetSource(
            ArrayFormat(
                file: DataPath(folder.file("data.npz")), dataset: "x", labels: "y", layout: .nchw, shift: 0.5, scale: 2)
        ).inspected()
    }

    @Test("a mapped set has the rows, the labels and the order of one in memory, bit for bit")
    func bits() throws {
        let source = try source(), cache = folder.file("cache")
        let mapped = try #require(try source.mapped(in: cache, least: 0)), whole = TrainingData(try source.load())
        #expect(mapped.classes == 3 && mapped.image == whole.image && mapped.background == whole.background)
        let draws = [mapped, whole].map { data -> [[Float]] in
            let (samples, condition) = data.draw(64, key: RandomKey(seed: 4), step: Tensor(3))
            return onCPU { try Tensor.materialized([samples, condition.labels!], on: $0) }
        }
        #expect(mismatch(draws[0], draws[1]) == nil)
        // Written once: the file of the data is not needed again.
        try FileManager.default.removeItem(atPath: folder.file("data.npz"))
        #expect(try source.mapped(in: cache, least: 0) != nil)
        #expect(try source.mapped(in: folder.file("other")) == nil)
    }

    @Test("a damaged file is told by the cache, and a shorter one is written anew")
    func damaged() throws {
        let source = try source(), cache = folder.file("cache")
        _ = try source.mapped(in: cache, least: 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: cache)
        let path = "\(cache)/\(try #require(names.first))"
        #expect(DataCache.fault(of: path) == nil)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
        bytes[100] ^= 1
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(DataCache.fault(of: path) == "its samples are not those that were written")
        try bytes.prefix(5000).write(to: URL(fileURLWithPath: path))
        #expect(try source.mapped(in: cache, least: 0) != nil && DataCache.fault(of: path) == nil)
    }

    @Test("a training without data does not open their files")
    func dataFree() async throws {
        try folder.write(
            ArrayFiles.npy("<f4", [64, 2], ArrayFiles.bytes((0..<128).map { sin(Float($0)) })), to: "points.npy")
        let results = ResultsFolder(folder.file("results"))
        let yaml = TinyStudy.planar.changing(
            "{planar: {set: eightGaussians, count: 200}}", to: "{arrays: {file: points.npy}}")
        let study = try Study(
            yaml: yaml, file: folder.file("tiny.yaml"), settings: ["axes.seed=[0]", "axes.objective={only: {}}"])
        let stage = RunStage(run: study.runs[0]), worker = Worker(results: results)
        for need in Stage.run(stage).needs where need.kind != "training" { #expect(worker.carryOut(need) == .done) }
        try FileManager.default.removeItem(atPath: folder.file("points.npy"))
        #expect(worker.carryOut(.training(stage.student)) == .done)
        #expect(worker.carryOut(.run(stage)) == .done)
    }
}
