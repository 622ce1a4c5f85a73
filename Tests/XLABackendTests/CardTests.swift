import FlowMaps
import Foundation
import TestSupport
import Tensors
import Testing

@testable import XLA

/// The plug-in for NVIDIA's cards, which compiles for one that is not there.
private enum Cards {
    static let plugin: PJRTPlugin? = PluginSearch.current.paths.filter { $0.contains("cuda") }
        .compactMap { try? PJRTPlugin.load($0) }.first
}

@Suite(
    "Steps for an H100 that is not here",
    .enabled(if: ProcessInfo.processInfo.environment["ABLATE_SLOW_TESTS"] != nil, "make test-all runs them"),
    .enabled(if: Cards.plugin != nil, "no plug-in for NVIDIA's cards is installed: make gpu"))
struct CardTests {
    /// The program of FreeFlow's step on rows of a published size, as a study's training is.
    private func step(_ name: String, batch: Int, _ optimization: Optimization) throws -> Program {
        let size = try #require(SiTSize(rawValue: name))
        let image = ImageShape(channels: 4, height: 32, width: 32), key = RandomKey(seed: 1)
        let shape = NetworkShape.sit(SiTShape(extent: .named(size), times: .published, outputs: .velocityAndVariance))
        let blank = shape.build(dimension: 4096, image: image, classes: 1000, key: key)
        // Known weights, as those of a file are; equal ones would be one argument.
        let network = blank.replacingParameters(
            blank.parameters.enumerated().map { index, tensor in
                Tensor([Float](repeating: Float(index), count: tensor.shape.count), shape: tensor.shape)
            })
        let data = TrainingData(
            Dataset(
                name: "latents", samples: [Float](repeating: 0, count: 4096), dimension: 4096, labels: [0],
                classCount: 1000, imageShape: image))
        let recorder = RecordingBackend()
        _ = try? Distillation(method: .freeflow, optimization: optimization)
            .trainer(teacher: network, data: data, key: key, on: recorder)
        return try #require(recorder.program)
    }

    @Test("compile, and take the memory that the compiler counts", arguments: [("S/2", 8), ("XL/2", 8)])
    func compile(_ size: String, _ rows: Int) throws {
        let plugin = try #require(Cards.plugin)
        let optimization = Optimization(
            steps: 100_000, batch: rows, learningRate: 1e-4, warmUp: 0, cooldown: 0, clip: 1, ema: .decay(0.9999),
            execution: Execution(precision: .mixed))
        let program = try step(size, batch: rows, optimization)
        let memory = try PJRTTopology(plugin, .h100).compile(HLOModule(program, precision: .mixed))
        print("\(size), \(rows) rows: \(memory), \(memory.total >> 20) MiB")
        #expect(memory.total > 0 && memory.total < 80_000_000_000)
    }
}

/// A backend that keeps the first program with a state, and computes nothing.
private final class RecordingBackend: Backend, @unchecked Sendable {
    private(set) var program: Program?

    struct Recorded: Error {}

    func compile(_ program: Program, execution: Execution) throws -> any CompiledProgram {
        if self.program == nil, !program.updates.isEmpty { self.program = program }
        throw Recorded()
    }

    func facts(of execution: Execution) -> [(name: String, value: String)] { [] }
    func plannedBytes(of program: Program) -> Int { 0 }
}
