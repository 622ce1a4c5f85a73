import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("A method of one's own, as the guide says") struct OwnMethodTests {
    private static let shape = NetworkShape.mlp(
        width: 32, depth: 3, times: Frequencies(count: 4, lowest: 0.5, highest: 6))

    private func optimization(steps: Int, rate: Double) -> Optimization {
        Optimization(
            steps: steps, batch: 64, learningRate: rate, warmUp: 0.05, cooldown: 0.5, clip: 1, ema: .halfLife(0.05))
    }

    /// No data: states on the teacher's path, the identity of the path's end, lengths first.
    private let own = Method(
        "sdei",
        main: Term(
            states: .teacherPath(sampler: .euler(steps: 4)), times: .gap(length: .uniform(from: 0, to: 1)),
            target: .lagrangian(velocity: .teacher, derivative: .jvp),
            weighting: Weighting(
                space: .velocity, residual: .adaptiveWeight(AdaptiveWeight(power: 0.5, epsilon: 1e-3)), time: .one)),
        sampling: .map)

    @Test("is data-free, valid, and brings the paired error down to a tenth in 400 steps")
    func trains() throws {
        let set = PlanarSet.eightGaussians.dataset(count: 4000, key: RandomKey(seed: 1))
        let data = TrainingData(Dataset(name: "eight", samples: set.samples, dimension: 2))
        let training = TeacherTraining(
            network: Self.shape, optimization: optimization(steps: 400, rate: 0.01), labelDropout: 0,
            times: .uniform(from: 0, to: 1))
        let teaching = training.trainer(on: data, key: RandomKey(seed: 2))
        try teaching.advance(to: 400)
        let teacher = teaching.state.average.network

        try own.validate()
        #expect(own.isDataFree)
        let trainer = Distillation(method: own, optimization: optimization(steps: 400, rate: 0.003))
            .trainer(teacher: teacher, data: data, key: RandomKey(seed: 3))
        let noise = Tensor(RandomKey(seed: 9).normal(count: 2048), shape: [1024, 2])
        let end = Sampler.heun(steps: 32)(LearnedVelocity(teacher), noise: noise, given: .none)
        let paired = PairedError(teacher: end, noise: Tensor.materialized([noise])[0])
        func error() -> Double {
            let map = LearnedFlowMap(trainer.state.student.average)
            return paired(
                Tensor.materialized([own.sampling(map, noise: noise, given: .none, steps: 1, key: RandomKey(seed: 4))]
                )[0])
        }
        let start = error()
        try trainer.advance(to: 400)
        #expect(error() < start / 10)
    }
}
