import CPU
import FlowMaps
import TestSupport
import Tensors
import Testing

@testable import XLA

@Suite("Several devices of a plug-in", .enabled(if: Plugins.isSomeInstalled, Plugins.advice)) struct ReplicaTests {
    private static let steps = 8
    /// As on one device: Adam brings the rounding of small gradients back in the parameters.
    private static let tolerance = 1e-4

    @Test("each know their number, and add up what they have", arguments: Plugins.clients)
    func sums(_ plugin: InstalledPlugin) throws {
        let program = Program(state: [[3]], inputs: [[3]]) { state, inputs in
            state = [state[0] + ((Tensor.replica + 1) * inputs[0]).summedOverReplicas()]
            return [state[0].sum()]
        }
        let compiled = try plugin.quickBackend().xlaProgram(program, Execution(devices: 2))
        compiled.write([1, 2, 3], to: 1)
        #expect(try compiled.run(steps: 4) == 4)
        // (1 + 2) times the input, four times.
        #expect(compiled.input(0) == [12, 24, 36])
        #expect(compiled.scalar(0) == 72)
    }

    @Test("that are more than it has are refused")
    func tooMany() throws {
        let plugin = try #require(Plugins.clients.first), count = plugin.client.devices.count
        #expect(throws: PluginRefusal.self) {
            try plugin.quickBackend().compile(
                Program { _ in [Tensor.ones([2])] }, execution: Execution(devices: count + 1))
        }
    }

    @Test("compute a program each where a worker has one alone", arguments: Plugins.clients)
    func one(_ plugin: InstalledPlugin) throws {
        try #require(plugin.client.devices.count > 1)
        let backend = try XLABackend(plugin.client, device: 1)
        let program = Program(inputs: [[4]]) { [exp($0[0]) * .normal([4], key: RandomKey(seed: 1)).hoisted()] }
        let first = try plugin.backend().evaluate(program, [[1, 2, 3, 4]])
        #expect(mismatch(try backend.evaluate(program, [[1, 2, 3, 4]]), first) == nil)
    }

    private func trainer(_ execution: Execution, accumulate: Int, on backend: any Backend) throws -> Trainer<
        DistillationState
    > {
        let data = TrainingData(
            Dataset(
                name: "noise", samples: RandomKey(seed: 5).normal(count: 12 * 16), dimension: 16,
                labels: (0..<12).map { $0 % 3 }, classCount: 3,
                imageShape: ImageShape(channels: 1, height: 4, width: 4)))
        let network = NetworkShape.sit(
            patch: 2, width: 8, depth: 1, heads: 2, times: Frequencies(count: 4, lowest: 1, highest: 10))
        let key = RandomKey(seed: 2)
        let teacher = try network.build(
            dimension: data.dimension, image: data.image, classes: data.classes, key: key.folding("teacher")
        ).materialized(on: CPUBackend())
        let optimization = Optimization(
            steps: Self.steps, batch: 16, learningRate: 1e-3, warmUp: 0.2, cooldown: 0.2, clip: 1, ema: .halfLife(0.1),
            execution: execution, accumulate: accumulate)
        return try Distillation(method: .freeflow, optimization: optimization)
            .trainer(teacher: teacher, data: data, key: key, on: backend)
    }

    @Test(
        "and parts one after the other train as one device does, to rounding", arguments: Plugins.clients.prefix(1),
        [(2, 1), (1, 4), (2, 2)])
    func trains(_ plugin: InstalledPlugin, _ parts: (devices: Int, accumulate: Int)) throws {
        let whole = try trainer(Execution(), accumulate: 1, on: CPUBackend())
        let parted = try trainer(
            Execution(devices: parts.devices), accumulate: parts.accumulate, on: plugin.quickBackend())
        try whole.advance(to: Self.steps)
        try parted.advance(to: Self.steps, stepsAtOnce: { _ in 3 })
        #expect(parted.metrics == whole.metrics)
        #expect(mismatch(parted.measured, whole.measured, within: Self.tolerance) == nil)
        #expect(mismatch(parted.snapshot.tensors, whole.snapshot.tensors, within: Self.tolerance) == nil)
    }
}
