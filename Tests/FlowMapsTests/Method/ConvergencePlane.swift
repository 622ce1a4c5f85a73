import Engine

@testable import FlowMaps

/// A teacher of eight Gaussians of the plane, near whose law every method is to end.
struct ConvergencePlane: Sendable {
    let teacher: Network
    let data: TrainingData
    /// To samples of the teacher, in 64 steps of Heun's method.
    let distance: SlicedWasserstein
    /// Of the teacher's samples from other noise.
    let floor: Double

    /// As `methods-2d.yaml` has them, but half as wide.
    static let shape = NetworkShape.mlp(width: 64, depth: 4, times: Frequencies(count: 8, lowest: 0.5, highest: 6))
    private static let count = 4096

    init() {
        let points = PlanarSet.eightGaussians.dataset(count: 20_000, key: RandomKey(seed: 1))
        data = TrainingData(Dataset(name: "eight", samples: points.samples, dimension: 2))
        let training = TeacherTraining(
            network: Self.shape, optimization: Self.optimization(steps: 4000, rate: 2e-3), labelDropout: 0,
            times: .uniform(from: 0, to: 1))
        let trainer = training.trainer(on: data, key: RandomKey(seed: 4))
        do { try trainer.advance(to: 4000) } catch { preconditionFailure("the teacher diverged: \(error)") }
        let average = trainer.state.average.network, values = Tensor.computed(average.parameters)
        let network = average.replacingParameters(zip(average.parameters, values).map { Tensor($1, shape: $0.shape) })
        func samples(_ seed: UInt64) -> [Float] {
            Sampler.heun(steps: 64)(LearnedVelocity(network), noise: Self.noise(seed), given: .none)
        }
        teacher = network
        distance = SlicedWasserstein(reference: samples(2), dimension: 2, directionCount: 128)
        floor = distance(samples(3))
    }

    private static func noise(_ seed: UInt64) -> Tensor {
        Tensor(RandomKey(seed: seed).normal(count: 2 * count), shape: [count, 2])
    }

    private static func optimization(steps: Int, rate: Double) -> Optimization {
        Optimization(steps: steps, batch: 256, rate: rate, warmUp: 0.02, decay: 0.7, clip: 1, average: 0.05)
    }

    /// The distance of a student's samples in so many evaluations, as a multiple of the floor.
    func multiple(_ objective: Objective, steps: Int, evaluations: Int) throws -> Double {
        let distillation = Distillation(objective: objective, optimization: Self.optimization(steps: steps, rate: 1e-3))
        let trainer = distillation.trainer(
            teacher: teacher, untrained: Self.shape, data: data, key: RandomKey(seed: 5))
        try trainer.advance(to: steps)
        let samples = distillation.sampling(
            LearnedFlowMap(trainer.state.student.average), noise: Self.noise(6), given: .none,
            evaluations: evaluations, key: RandomKey(seed: 7))
        return distance(Tensor.computed([samples])[0]) / floor
    }
}
