import Tensors
import Foundation
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Preconditioning") struct PreconditionedTests {
    private let times = Frequencies(count: 2, lowest: 1, highest: 4)
    /// Float64 rounding through a handful of operations.
    private let rounding = 1e-12
    private let x = Tensor.normal([6, 3], key: RandomKey(seed: 5)) * 2
    private let t = Tensor.column([0, 0.125, 0.5, 0.75, 0.9375, 1])

    private func network(_ deviation: Double) -> Preconditioned {
        let inner = NetworkShape.mlp(width: 8, depth: 2, times: times).build(
            dimension: 3, classes: 0, key: RandomKey(seed: 4))
        return Preconditioned(sigmaData: deviation, network: inner)
    }

    @Test("without its network it is the exact velocity of data N(0, q²)", arguments: [0.5, 1, 2])
    func gaussian(deviation: Double) {
        var preconditioned = network(deviation)
        preconditioned.network = preconditioned.network.zeros
        let flow = GaussianFlow(mean: [0, 0, 0], deviation: [deviation, deviation, deviation])
        let found = preconditioned(x, time: t, duration: nil, .none).evaluated()
        #expect(mismatch(found, flow(x, at: t, given: .none).evaluated(), within: rounding) == nil)
    }

    @Test("is EDM's denoiser: D = c_skip x + c_out N(c_in x) at σ = t / (1 − t)")
    func denoiser() {
        let (deviation, places) = (0.5, [0.125, 0.5, 0.75, 0.9375])
        let preconditioned = network(deviation), times = Tensor.column(places)
        let x = x.slice(1..<5)
        let velocity = preconditioned(x, time: times, duration: nil, .none)
        let found = Interpolant.data(from: x, velocity: velocity, at: times).evaluated()
        let sigma = Tensor.column(places.map { $0 / (1 - $0) }), own = x / (1 - times)
        let square = square(sigma) + deviation * deviation
        let inner = preconditioned.network(own / sqrt(square), time: times, duration: nil, .none)
        let expected = deviation * deviation / square * own + deviation * sigma / sqrt(square) * inner
        #expect(mismatch(found, expected.evaluated(), within: rounding) == nil)
    }

    @Test("what the network is to give has variance 1 at every time, and the weighting makes errors in it count alike")
    func target() {
        // 40,000 numbers: four standard errors of a variance are 4 √(2 / 40,000).
        let tolerance = 0.03
        let (deviation, rows) = (0.5, 40_000)
        let data = deviation * Tensor.normal([rows, 1], key: RandomKey(seed: 1)),
            noise = Tensor.normal([rows, 1], key: RandomKey(seed: 2))
        for time in [0.05, 0.3, 0.6, 0.95] {
            let t = Tensor(time).broadcast(to: [rows, 1])
            let state = Interpolant.state(data: data, noise: noise, at: t)
            let spread = time * time + deviation * deviation * (1 - time) * (1 - time)
            let skip = (time - deviation * deviation * (1 - time)) / spread
            let wanted =
                (skip * state - Interpolant.velocity(data: data, noise: noise)) * (spread.squareRoot() / deviation)
            let found = moments(Tensor.materialized([wanted])[0])
            #expect(abs(found.deviation - 1) < tolerance && abs(found.mean) < tolerance)
            // An error of the velocity counts as that of the network's output.
            let error = Tensor.ones([4, 2]), places = Tensor(time).broadcast(to: [4, 1])
            let loss = VelocityWeighting.denoiser(sigmaData: deviation).loss(error, at: places, nil).evaluated()[0]
            #expect(abs(loss - spread / (deviation * deviation)) < rounding)
        }
    }

    @Test("the learned uncertainty is 0 at first and finds the logarithm of the errors' mean square")
    func uncertainty() {
        let weighting = VelocityWeighting.uncertainty(sigmaData: 1, times: times)
        var learner = TrainState(weighting.uncertainty!)
        let t = Tensor([0.1, 0.4, 0.8], shape: [3, 1])
        let error = Tensor([1, 2, 4], shape: [3, 1])
        let plain = VelocityWeighting.denoiser(sigmaData: 1).loss(error, at: t, nil).evaluated()[0]
        #expect(abs(weighting.loss(error, at: t, learner.model).evaluated()[0] - plain) < rounding)
        let optimization = Optimization(
            steps: 800, batch: 1, learningRate: 0.1, warmUp: 0, cooldown: 0.5, clip: nil, ema: .none)
        let trainer = Trainer(initial: learner) { learner, step in
            let result = valueAndGradient(at: learner.model) { (weighting.loss(error, at: t, $0), ()) }
            learner.learn(result.gradient, optimization, step: step)
            return [("loss", result.loss)]
        }
        #expect(throws: Never.self) { try trainer.advance(to: 800) }
        learner = trainer.state
        let found = Tensor.materialized([learner.model(t)])[0].doubles
        let expected = zip([0.1, 0.4, 0.8], [1.0, 4, 16]).map { (time: Double, error: Double) -> Double in
            let spread = time * time + (1 - time) * (1 - time)
            return Foundation.log(spread * error)
        }
        #expect(mismatch(found, expected, within: 1e-2) == nil)
    }

    @Test("is refused without a deviation, within another, and with what its network refuses")
    func refused() {
        func message(_ shape: NetworkShape) -> String? {
            #expect(throws: Violation.self) { try shape.validate() }?.description
        }
        let inner = NetworkShape.mlp(width: 8, depth: 2, times: times)
        #expect(
            message(.preconditioned(sigmaData: 0, network: inner))
                == "preconditioned.sigmaData: found 0.0, allowed: more than 0")
        #expect(
            message(.preconditioned(sigmaData: 1, network: .preconditioned(sigmaData: 1, network: inner)))
                == "preconditioned.network: found preconditioned, allowed: a network that is not, yet")
        #expect(
            message(.preconditioned(sigmaData: 1, network: .mpMLP(width: 0, depth: 1, times: times)))
                == "preconditioned.network.mpMLP.width: found 0, allowed: at least 1")
        let image = ImageShape(channels: 1, height: 6, width: 6)
        let sit = NetworkShape.mpSiT(.init(extent: .free(patch: 4, width: 8, depth: 1, heads: 2), times: times))
        let text = #expect(throws: Violation.self) { try sit.validate(for: image) }?.description
        #expect(text == "mpSiT.patch: found 4, allowed: a divisor of the image's sides, 6 and 6")
    }
}
