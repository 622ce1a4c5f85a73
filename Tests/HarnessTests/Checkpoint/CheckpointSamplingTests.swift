import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@testable import Execution
@testable import Storage
@testable import Study

@Suite("Samples of a checkpoint") struct CheckpointSamplingTests {
    let folder = TemporaryFolder()

    private func checkpoint(_ model: SampleModel) throws -> Checkpoint {
        let path = folder.file("model.safetensors")
        try model.write(to: path)
        return try Checkpoint(path)
    }

    private func refusal(_ sampling: CheckpointSampling, _ model: SampleModel) throws -> String {
        let checkpoint = try checkpoint(model)
        do { _ = try sampling.draw(from: checkpoint, at: "model", on: onCPU { $0 }) } catch { return "\(error)" }
        return "accepted"
    }

    private let grey = ImageShape(channels: 1, height: 4, width: 4)

    @Test("a teacher's are its sampler's, the classes in turn, a guided step counting two")
    func teacher() throws {
        let model = SampleModel(image: grey), checkpoint = try checkpoint(model)
        let sampling = CheckpointSampling(
            count: 5, seed: 3, classes: [2, 0], sampler: .heun(steps: 4), scale: 2, interval: 0...0.6)
        let samples = try sampling.draw(from: checkpoint, at: "model", on: onCPU { $0 })
        #expect(samples.labels == [2, 0, 2, 0, 2])
        // Steps at 1, 3/4, 1/2, 1/4: 7 evaluations, of which those at 1/2 (two) and 1/4 (two) are guided.
        #expect(samples.evaluations == 11)
        let guidance = Guidance(scale: 2, from: 0, to: 0.6)
        let expected = Sampler.heun(steps: 4)(
            GuidedVelocity(LearnedVelocity(model.network), guidance),
            noise: Tensor(RandomKey(seed: 3).folding("sample").normal(count: 80), shape: [5, 16]),
            given: Condition(labels: Tensor([2, 0, 2, 0, 2], shape: [5])))
        #expect(samples.values == expected)
        let files = try samples.write(checkpoint, by: sampling, to: folder.file("out"))
        #expect(files == ["samples.h5", "grid.png"].map { folder.file("out/\($0)") })
        let (values, shape) = try HDF5File.read(files[0]) { root in
            let array = try root.read("samples", as: Float.self)
            return (array.values, array.shape)
        }
        #expect(values == expected && shape == [5, 1, 4, 4])
        #expect(throws: FileError.self) { _ = try samples.write(checkpoint, by: sampling, to: folder.file("out")) }
    }

    @Test("a student takes one step, at the scale that is given")
    func student() throws {
        let model = SampleModel(conditioning: [.duration, .guidance], image: grey), checkpoint = try checkpoint(model)
        func draw(_ scale: Double) throws -> CheckpointSampling.Samples {
            try CheckpointSampling(count: 3, seed: 0, scale: scale).draw(
                from: checkpoint, at: "model", on: onCPU { $0 })
        }
        #expect(try draw(2).evaluations == 1 && draw(2).values.count == 48)
        #expect(try mismatch(draw(2).values, draw(3).values) != nil)
    }

    @Test("latents have no grid")
    func latents() throws {
        let checkpoint = try checkpoint(SampleModel())
        let sampling = CheckpointSampling(count: 2, seed: 0, sampler: .euler(steps: 1))
        let samples = try sampling.draw(from: checkpoint, at: "model", on: onCPU { $0 })
        #expect(try samples.write(checkpoint, by: sampling, to: folder.path) == [folder.file("samples.h5")])
    }

    @Test("what a checkpoint cannot be asked is refused")
    func refusals() throws {
        let student = SampleModel(conditioning: [.duration]), teacher = SampleModel()
        let heun = Sampler.heun(steps: 2)
        #expect(
            try refusal(CheckpointSampling(count: 1, seed: 0, sampler: heun), student)
                == "--sampler: found a sampler, allowed: none, as a student has that of its method")
        #expect(
            try refusal(CheckpointSampling(count: 1, seed: 0, studentSteps: 4), student)
                == "--steps: found 4, allowed: 1, as the checkpoint does not say by which method its student was trained"
        )
        #expect(
            try refusal(CheckpointSampling(count: 1, seed: 0, scale: 2), student)
                == "--guidance: found 2.0, allowed: none, as the student was trained for one scale")
        #expect(
            try refusal(CheckpointSampling(count: 1, seed: 0), SampleModel(conditioning: [.duration, .guidance]))
                == "--guidance: found none, allowed: the scale that the network is told")
        #expect(
            try refusal(CheckpointSampling(count: 1, seed: 0, classes: [3], sampler: heun), teacher)
                == "--classes: found 3, allowed: from 0 to 2")
        #expect(
            try refusal(CheckpointSampling(count: 1, seed: 0, classes: [0], sampler: heun), SampleModel(classes: 0))
                == "--classes: found classes, allowed: none, as the checkpoint has no classes")
        #expect(
            try refusal(CheckpointSampling(count: 1, seed: 0, sampler: heun, scale: 2), SampleModel(classes: 0))
                == "--guidance: found 2.0, allowed: none, as the teacher knows no missing class")
    }
}
