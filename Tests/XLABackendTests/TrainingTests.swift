import CPU
import FlowMaps
import Tensors
import TestSupport
import Testing

@testable import XLA

@Suite("A training on XLA", .enabled(if: Plugins.isSomeInstalled, Plugins.advice)) struct TrainingTests {
    private static let steps = 20

    /// Adam divides by the size of a gradient, so that rounding of small gradients (6e-8 of the largest) comes back in the parameters, in
    /// each of the steps.
    private static let tolerance = 1e-4

    private static let images = TrainingData(
        Dataset(
            name: "noise", samples: RandomKey(seed: 5).normal(count: 12 * 16), dimension: 16,
            labels: (0..<12).map { $0 % 3 }, classCount: 3, imageShape: ImageShape(channels: 1, height: 4, width: 4)))

    private static let network = NetworkShape.sit(
        patch: 2, width: 8, depth: 1, heads: 2, times: Frequencies(count: 4, lowest: 1, highest: 10))

    private func trainer(
        _ method: Method, _ network: NetworkShape = Self.network, rematerialize: Bool = false,
        on backend: any Backend
    ) throws -> Trainer<DistillationState> {
        let data = Self.images, key = RandomKey(seed: 2)
        let teacher = try network.build(
            dimension: data.dimension, image: data.image, classes: data.classes, key: key.folding("teacher")
        ).materialized(on: CPUBackend())
        let optimization = Optimization(
            steps: Self.steps, batch: 8, learningRate: 1e-3, warmUp: 0.2, cooldown: 0.2, clip: 1, ema: .halfLife(0.1),
            rematerialize: rematerialize)
        return try Distillation(method: method, optimization: optimization)
            .trainer(teacher: teacher, untrained: network, data: data, key: key, on: backend)
    }

    @Test(
        "of a transformer ends where it ends on the CPU", arguments: Plugins.clients.prefix(1),
        [Method.freeflow, .meanFlow])
    func agrees(_ plugin: InstalledPlugin, _ method: Method) throws {
        let onCPU = try trainer(method, on: CPUBackend()), onXLA = try trainer(method, on: plugin.quickBackend())
        try onCPU.advance(to: Self.steps)
        try onXLA.advance(to: Self.steps, stepsAtOnce: { _ in 7 })
        #expect(onXLA.step == Self.steps)
        #expect(mismatch(onXLA.measured, onCPU.measured, within: Self.tolerance) == nil)
        #expect(
            mismatch(onXLA.snapshot.tensors, onCPU.snapshot.tensors, within: Self.tolerance) == nil)
    }

    @Test("that rematerializes ends there too", arguments: Plugins.clients.prefix(1))
    func rematerializes(_ plugin: InstalledPlugin) throws {
        let onCPU = try trainer(.freeflow, on: CPUBackend())
        let again = try trainer(.freeflow, rematerialize: true, on: CPUBackend())
        let onXLA = try trainer(.freeflow, rematerialize: true, on: plugin.quickBackend())
        for trainer in [onCPU, again, onXLA] { try trainer.advance(to: Self.steps) }
        #expect(again.snapshot == onCPU.snapshot)
        #expect(mismatch(onXLA.snapshot.tensors, onCPU.snapshot.tensors, within: Self.tolerance) == nil)
    }

    @Test("of a deep transformer takes less memory where it rematerializes", arguments: Plugins.clients.prefix(1))
    func memory(_ plugin: InstalledPlugin) throws {
        let shape = NetworkShape.sit(
            patch: 2, width: 64, depth: 8, heads: 2, times: Frequencies(count: 4, lowest: 1, highest: 10))
        let cost = NetworkCost(shape, image: ImageShape(channels: 1, height: 16, width: 16), classes: 0)
        let backend = try plugin.backend()
        let plain = cost.trainingBytes(batch: 32, on: backend)
        let again = cost.trainingBytes(batch: 32, rematerializing: true, on: backend)
        // Of eight blocks one lies in memory at a time, beside what each of them is given; half leaves room for weights and copies.
        #expect(2 * again < plain, "\(again), without \(plain)")
    }

    @Test("goes on from a snapshot with the same bits", arguments: Plugins.clients.prefix(1))
    func resumes(_ plugin: InstalledPlugin) throws {
        let folder = TemporaryFolder(), backend = try plugin.backend(CompiledProgramCache(folder: folder.path))
        let network = NetworkShape.mlp(width: 8, depth: 1, times: Frequencies(count: 4, lowest: 1, highest: 10))
        let whole = try trainer(.meanFlow, network, on: backend), begun = try trainer(.meanFlow, network, on: backend)
        try whole.advance(to: Self.steps)
        try begun.advance(to: 6, stepsAtOnce: { _ in 4 })
        let resumed = try trainer(.meanFlow, network, on: backend)
        resumed.restore(begun.snapshot)
        try resumed.advance(to: Self.steps, stepsAtOnce: { _ in 5 })
        #expect(resumed.snapshot == whole.snapshot)
    }

    @Test("with numbers that are no longer finite ends at the very step", arguments: Plugins.clients.prefix(1))
    func diverges(_ plugin: InstalledPlugin) throws {
        let trainer = try Trainer(initial: Linear(inputs: 1, outputs: 1, key: RandomKey(seed: 1)), on: plugin.backend())
        {
            _, step in [("loss", 1 / (4 - step))]
        }
        #expect(throws: Diverged(step: 4, metric: "loss", value: .infinity)) {
            try trainer.advance(to: 10, stepsAtOnce: { _ in 10 })
        }
    }
}
