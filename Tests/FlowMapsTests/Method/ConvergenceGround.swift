import Tensors

@testable import FlowMaps

/// A distribution that every method is to end near, and the velocity that it is taught.
struct ConvergenceGround: Sendable {
    /// What students begin as: a network that learned the velocity.
    let network: Network
    let shape: NetworkShape
    /// Whose exact velocity is taught; nil for that of the network.
    let distribution: GaussianMixture?
    let data: TrainingData
    /// To samples of the teacher, in 64 steps of Heun's method.
    let distance: SlicedWasserstein
    /// Of the teacher's samples from other noise.
    let floor: Double
    /// That of one Euler step of the teacher, as a multiple of the floor.
    let ceiling: Double

    private static let count = 4096

    /// Eight Gaussians of the plane and their exact velocity, networks half as wide as those of `methods-2d.yaml`.
    static func plane() -> ConvergenceGround {
        let points = PlanarSet.eightGaussians.dataset(count: 20_000, key: RandomKey(seed: 1))
        return ConvergenceGround(
            Dataset(name: "eight", samples: points.samples, dimension: 2), width: 64,
            distribution: PlanarSet.eightGaussians.distribution)
    }

    /// The digits without their classes, and the velocity that a network learned of them.
    static func digits() throws -> ConvergenceGround {
        let digits = try Dataset.digits()
        return ConvergenceGround(
            Dataset(name: "digits", samples: digits.samples, dimension: digits.dimension), width: 128, distribution: nil
        )
    }

    private init(_ dataset: Dataset, width: Int, distribution: GaussianMixture?) {
        self.distribution = distribution
        shape = .mlp(width: width, depth: 4, times: Frequencies(count: 8, lowest: 0.5, highest: 6))
        data = TrainingData(dataset)
        let training = TeacherTraining(
            network: shape, optimization: Self.optimization(steps: 4000, rate: 2e-3), labelDropout: 0,
            times: .uniform(from: 0, to: 1))
        let trainer = training.trainer(on: data, key: RandomKey(seed: 4))
        do { try trainer.advance(to: 4000) } catch { preconditionFailure("the teacher diverged: \(error)") }
        let average = trainer.state.average.network, values = Tensor.materialized(average.parameters)
        let network = average.replacingParameters(zip(average.parameters, values).map { Tensor($1, shape: $0.shape) })
        func samples(_ seed: UInt64, _ sampler: Sampler = .heun(steps: 64)) -> [Float] {
            let noise = Self.noise(seed, dimension: dataset.dimension)
            return sampler(TeacherVelocity(network, exact: distribution), noise: noise, given: .none)
        }
        self.network = network
        distance = SlicedWasserstein(reference: samples(2), dimension: dataset.dimension, directionCount: 128)
        floor = distance(samples(3))
        ceiling = distance(samples(6, .euler(steps: 1))) / floor
    }

    private static func noise(_ seed: UInt64, dimension: Int) -> Tensor {
        Tensor(RandomKey(seed: seed).normal(count: dimension * count), shape: [count, dimension])
    }

    private static func optimization(steps: Int, rate: Double) -> Optimization {
        Optimization(
            steps: steps, batch: 256, learningRate: rate, warmUp: 0.02, cooldown: 0.7, clip: 1, ema: .halfLife(0.05))
    }

    /// The distance of a student's samples in so many steps, as a multiple of the floor.
    func multiple(_ method: Method, after training: Int, steps: Int) throws -> Double {
        let distillation = Distillation(
            method: method, optimization: Self.optimization(steps: training, rate: 1e-3))
        let trainer = distillation.trainer(
            teacher: network, exact: distribution, untrained: shape, data: data, key: RandomKey(seed: 5))
        try trainer.advance(to: training)
        let samples = distillation.sampling(
            distillation.map(trainer.state.student.average), noise: Self.noise(6, dimension: data.dimension),
            given: .none, steps: steps, key: RandomKey(seed: 7))
        return distance(Tensor.materialized([samples])[0]) / floor
    }
}
