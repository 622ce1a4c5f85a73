import FlowMaps
import Foundation
import TestSupport
import Tensors
import Testing

@testable import XLA
@testable import ablate_benchmark

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
    /// The data and the network of a step whose sizes are known.
    private struct Model: Sendable {
        let shape: NetworkShape
        let dimension, classes: Int
        var image: ImageShape?

        /// A published size on latents of 4 × 32 × 32.
        static func latents(_ name: String) throws -> Model {
            let size = try #require(SiTSize(rawValue: name))
            return Model(
                shape: .sit(SiTShape(extent: .named(size), times: .published, outputs: .velocityAndVariance)),
                dimension: 4096, classes: 1000, image: ImageShape(channels: 4, height: 32, width: 32))
        }

        /// A model of the benchmark.
        static func measured(_ model: ablate_benchmark.Model) -> Model {
            Model(shape: model.shape, dimension: model.dimension, classes: model.classes, image: model.image)
        }
    }

    /// The program of FreeFlow's step, as a study's training is.
    private func step(_ model: Model, _ optimization: Optimization) throws -> Program {
        let key = RandomKey(seed: 1), dimension = model.dimension
        let blank = model.shape.build(dimension: dimension, image: model.image, classes: model.classes, key: key)
        // Known weights, as those of a file are; equal ones would be one argument.
        let network = blank.replacingParameters(
            blank.parameters.enumerated().map { index, tensor in
                Tensor([Float](repeating: Float(index), count: tensor.shape.count), shape: tensor.shape)
            })
        let data = TrainingData(
            Dataset(
                name: "zeros", samples: [Float](repeating: 0, count: dimension), dimension: dimension,
                labels: model.classes > 0 ? [0] : nil, classCount: model.classes, imageShape: model.image))
        let recorder = RecordingBackend()
        _ = try? Distillation(method: .freeflow, optimization: optimization)
            .trainer(teacher: network, data: data, key: key, on: recorder)
        return try #require(recorder.program)
    }

    /// Bytes on each card of a step in mixed precision, as the compiler counts them.
    private func memory(
        _ model: Model, rows: Int, devices: Int = 1, rematerialize: Bool = false
    ) throws -> ProgramMemory {
        let plugin = try #require(Cards.plugin)
        let optimization = Optimization(
            steps: 100_000, batch: rows, learningRate: 1e-4, warmUp: 0, cooldown: 0, clip: 1, ema: .decay(0.9999),
            execution: Execution(precision: .mixed, devices: devices), rematerialize: rematerialize)
        let module = HLOModule(try step(model, optimization), precision: .mixed, replicas: devices)
        return try PJRTTopology(plugin, .h100, devices: devices)
            .compile(module, options: CompileOptions(replicas: devices))
    }

    private static let cardBytes = 80_000_000_000

    @Test("compile: those of the benchmarks")
    func benchmarks() throws {
        for model in ablate_benchmark.Model.allCases {
            let memory = try memory(.measured(model), rows: model.batch)
            print("\(model), \(model.batch) rows: \(memory.total >> 20) MiB")
            #expect(memory.total > 0 && memory.total < Self.cardBytes)
        }
    }

    @Test("compile, and take less memory where blocks are computed again", arguments: [("S/2", 8), ("XL/2", 8)])
    func published(_ size: String, _ rows: Int) throws {
        let plain = try memory(.latents(size), rows: rows)
        let again = try memory(.latents(size), rows: rows, rematerialize: true)
        print("\(size), \(rows) rows: \(plain.total >> 20) MiB, rematerialized \(again.total >> 20) MiB")
        #expect(plain.total < Self.cardBytes && again.total < plain.total)
    }

    @Test("compile for two cards that share the rows of XL/2")
    func twoCards() throws {
        let memory = try memory(.latents("XL/2"), rows: 16, devices: 2, rematerialize: true)
        print("XL/2, 16 rows on two cards, rematerialized: \(memory.total >> 20) MiB each")
        #expect(memory.total > 0 && memory.total < Self.cardBytes)
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
