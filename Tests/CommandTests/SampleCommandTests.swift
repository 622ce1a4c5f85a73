import FlowMaps
import Foundation
import Tensors
import TestSupport
import Testing

@testable import Storage
@testable import Study

@Suite("ablate sample in the forms of other programs")
struct SampleCommandTests {
    let folder = TemporaryFolder()

    /// A student of many steps on the digits.
    private static let yaml = TinyStudy.digits.changing(
        "prediction: {student: {method: {freeflow: {secondTerm: ~}}}}\n    combined: {}",
        to: "sdei: {student: {method: {sdei: {states: studentPath}}}}"
    ).changing("seed: [0, 1]", to: "seed: [0]")

    private func ablate(_ arguments: [String]) throws -> AblateProcess {
        try AblateProcess(arguments, in: folder.path)
    }

    private func array(_ path: String, _ name: String? = nil) throws -> (
        shape: [Int], values: [Float], type: ArrayElement
    ) {
        let array = try ArrayFile(folder.file(path)).array(name)
        return (array.shape, try array.floats(0..<array.count), array.element)
    }

    @Test("npz and png have the same bytes, labels and noise, and other steps other samples from the same noise")
    func formats() throws {
        try folder.write(Self.yaml, "tiny.yaml")
        #expect(try ablate(["run", "tiny.yaml"]).code == 0)
        let student = "results/tiny/objective=sdei,seed=0/student.safetensors"
        let options = ["--count", "6", "--classes", "1,2", "--seed", "3"]
        for (out, more) in [
            ("archive", ["--format", "npz"]), ("pictures", ["--format", "png"]), ("file", ["--format", "hdf5"]),
            ("two", ["--format", "npz", "--steps", "2"]), ("four", ["--format", "npz", "--steps", "4"]),
        ] {
            let sample = try ablate(["sample", student, "--out", out] + options + more)
            #expect(sample.code == 0, "\(sample.errors)")
            if out == "four" { #expect(sample.output.contains("6 samples, 4 evaluations"), "\(sample.output)") }
        }
        let samples = try array("archive/samples.npz", "arr_0"), labels = try array("archive/samples.npz", "arr_1")
        #expect(samples.shape == [6, 8, 8, 1] && samples.type == .uint8)
        #expect(labels.shape == [6] && labels.values == [1, 2, 1, 2, 1, 2] && labels.type == .int64)
        let exact = try array("file/samples.h5", "samples")
        #expect(exact.shape == [6, 1, 8, 8])
        #expect(
            samples.values == exact.values.map { (min(max(($0 + 1) / 2 * 255 + 0.5, 0), 255)).rounded(.down) },
            "bytes of the range -1...1")
        for index in 0..<6 {
            let picture = try PNGImage.read(folder.file("pictures/images/00000\(index).png")).image
            #expect(picture.width == 8 && picture.height == 8 && picture.color == .grey)
            #expect(picture.pixels.map(Float.init) == Array(samples.values[index * 64..<(index + 1) * 64]))
        }
        #expect(try String(contentsOfFile: folder.file("pictures/labels.txt"), encoding: .utf8) == "1\n2\n1\n2\n1\n2\n")
        let noise = try array("archive/noise.npy")
        #expect(noise.shape == [6, 64] && noise.type == .float32)
        for other in ["pictures/noise.npy", "two/noise.npy", "four/noise.npy"] {
            #expect(try array(other).values == noise.values)
        }
        #expect(try array("file/samples.h5", "noise").values == noise.values)
        let two = try array("two/samples.npz", "arr_0"), four = try array("four/samples.npz", "arr_0")
        #expect(two.values != samples.values && four.values != two.values && two.shape == samples.shape)
        #expect(try ablate(["sample", student, "--out", "archive", "--format", "npz"] + options).code == 74)
    }

    @Test("samples that are not finite are written, and told with another exit code than 0")
    func diverges() throws {
        try folder.write(TinyStudy.digits.changing("seed: [0, 1]", to: "seed: [0]"), "tiny.yaml")
        #expect(try ablate(["run", "tiny.yaml", "--only", "objective=prediction"]).code == 0)
        let trained = try Checkpoint(folder.file("results/tiny/objective=prediction,seed=0/student.safetensors"))
        guard case .network(let network) = trained.content else {
            Issue.record("a student is a network")
            return
        }
        // Products of such weights are beyond float32.
        let large = network.mapParameters {
            Tensor([Float](repeating: 1e30, count: $0.shape.count), shape: $0.shape)
        }
        try Checkpoint.write(large, trained.description, origin: nil, to: folder.file("large.safetensors"))
        let sample = try ablate(["sample", "large.safetensors", "--count", "3", "--out", "far"])
        #expect(sample.code == 1)
        #expect(sample.errors == "error: large.safetensors: 3 of 3 samples are not finite\n")
        #expect(try array("far/samples.h5", "samples").values.allSatisfy { !$0.isFinite })
    }
}
