import CPU
import TestSupport
import Tensors
import Testing

@testable import FlowMaps

@Suite("A batch that is computed in parts") struct PartsTests {
    private static let steps = 5
    /// Adam divides by the size of a gradient, so that rounding of small gradients (6e-8 of the largest) comes back in the parameters, in
    /// each of the steps.
    private static let tolerance = 1e-4

    private static let data = TrainingData(
        Dataset(
            name: "noise", samples: RandomKey(seed: 5).normal(count: 12 * 16), dimension: 16,
            labels: (0..<12).map { $0 % 3 }, classCount: 3, imageShape: ImageShape(channels: 1, height: 4, width: 4)))
    private static let network = NetworkShape.sit(
        patch: 2, width: 8, depth: 1, heads: 2, times: Frequencies(count: 4, lowest: 1, highest: 10))

    private func optimization(_ parts: Int) -> Optimization {
        Optimization(
            steps: Self.steps, batch: 16, learningRate: 1e-3, warmUp: 0.2, cooldown: 0.2, clip: 1, ema: .halfLife(0.1),
            accumulate: parts)
    }

    private func trainer(_ method: Method, parts: Int) throws -> Trainer<DistillationState> {
        let data = Self.data, key = RandomKey(seed: 2)
        let teacher = try Self.network.build(
            dimension: data.dimension, image: data.image, classes: data.classes, key: key.folding("teacher")
        ).materialized(on: CPUBackend())
        return Distillation(method: method, optimization: optimization(parts))
            .trainer(teacher: teacher, untrained: Self.network, data: data, key: key)
    }

    private static let methods: [Method] = {
        var weighted = Method.lsd, drawn = Method.freeflow
        weighted.main.weighting = Weighting(
            space: .velocity, residual: .plain, time: .one,
            learned: LearnedWeight(
                form: .gaussian, times: Frequencies(count: 4, lowest: 1, highest: 6), learningRateRatio: 1))
        drawn.secondTerm?.share = 1
        return [.freeflow, drawn, .meanFlow, .sCDVSD, .cd, weighted]
    }()

    @Test("has the result of the whole, to rounding", arguments: methods.indices)
    func student(index: Int) throws {
        let method = Self.methods[index]
        let whole = try trainer(method, parts: 1), parted = try trainer(method, parts: 4)
        #expect(parted.metrics == whole.metrics)
        let start = whole.snapshot.tensors
        for step in 1...Self.steps {
            try whole.advance(to: step)
            try parted.advance(to: step, stepsAtOnce: { _ in 3 })
            #expect(mismatch(parted.measured, whole.measured, within: Self.tolerance) == nil, "\(method.name), \(step)")
        }
        #expect(parted.step == Self.steps)
        #expect(
            mismatch(parted.snapshot.tensors, whole.snapshot.tensors, within: Self.tolerance) == nil, "\(method.name)")
        #expect(mismatch(whole.snapshot.tensors, start, within: Self.tolerance) != nil, "it learns")
        // Of the others the sums may come out with the same bits.
        guard method.name == "freeflow" else { return }
        #expect(mismatch(parted.snapshot.tensors, whole.snapshot.tensors) != nil, "sums in another order")
    }

    @Test("goes on from a snapshot between two steps with the same bits")
    func resumes() throws {
        let whole = try trainer(.freeflow, parts: 2), begun = try trainer(.freeflow, parts: 2)
        try whole.advance(to: Self.steps)
        try begun.advance(to: 2)
        let resumed = try trainer(.freeflow, parts: 2)
        resumed.restore(begun.snapshot)
        try resumed.advance(to: Self.steps)
        #expect(resumed.snapshot == whole.snapshot)
    }

    @Test("trains a teacher as the whole does")
    func teacher() throws {
        func trained(_ parts: Int) throws -> Trainer<TrainState<TeacherModel>> {
            let training = TeacherTraining(
                network: Self.network, optimization: optimization(parts), labelDropout: 0.1,
                times: .uniform(from: 0, to: 1))
            let trainer = training.trainer(on: Self.data, key: RandomKey(seed: 3))
            try trainer.advance(to: Self.steps)
            return trainer
        }
        let whole = try trained(1), parted = try trained(8)
        #expect(parted.metrics == whole.metrics)
        #expect(mismatch(parted.measured, whole.measured, within: Self.tolerance) == nil)
        #expect(mismatch(parted.snapshot.tensors, whole.snapshot.tensors, within: Self.tolerance) == nil)
    }

    @Test("is refused where the rows of a term, or the auxiliary, have no equal parts")
    func refused() {
        func refusal(_ method: Method, _ parts: Int) -> String {
            do {
                try Distillation(method: method, optimization: optimization(parts)).validate()
                return "accepted"
            } catch { return "\(error)" }
        }
        #expect(refusal(.freeflow, 4) == "accepted")
        #expect(
            refusal(.freeflow, 8)
                == "optimization.accumulate: found 8, allowed: parts that divide the 12 rows of the first term in a batch of 16"
        )
        #expect(
            refusal(.dmd2, 2)
                == "optimization.accumulate: found 2 with 5 updates of the auxiliary a step, allowed: nothing, which is 1, or "
                + "method.dmd2.auxiliary.updates: 1")
    }

    @Test("on several devices is refused by the processor, which is one")
    func devices() {
        let optimization = Optimization(
            steps: 5, batch: 16, learningRate: 1e-3, warmUp: 0, cooldown: 0, clip: nil, ema: .none,
            execution: Execution(devices: 2))
        let training = TeacherTraining(
            network: Self.network, optimization: optimization, labelDropout: 0, times: .uniform(from: 0, to: 1))
        #expect(throws: CPUBackend.SeveralDevices.self) {
            try training.trainer(on: Self.data, key: RandomKey(seed: 3), on: CPUBackend())
        }
    }
}
