import Tensors
import Foundation
import TestSupport
import Testing

@testable import FlowMaps

@Suite("The stochastic sampler") struct ReverseDiffusionTests {
    private static let count = 4096
    private let noise = Tensor(
        RandomKey(seed: 3).folding("noise").normal(count: 2 * ReverseDiffusionTests.count),
        shape: [ReverseDiffusionTests.count, 2])
    private let flow = GaussianFlow(mean: [1.5, -0.5], deviation: [0.5, 2])
    private let key = RandomKey(seed: 8)

    @Test("keeps the marginals at every time, whatever the diffusion", arguments: Diffusion.allCases, [0.5, 1])
    func marginals(diffusion: Diffusion, scale: Double) {
        let sampler = Sampler.sde(steps: 250, last: 0.04, diffusion: diffusion, scale: scale)
        // Of 4096 samples: four standard errors of a mean, 4 / √4096, and of a deviation, 4 / √8192; the discretisation adds
        // about a hundredth, and two where the diffusion stays large towards the data.
        let (meanError, deviationError) = (0.0625 + 0.02, 0.045 + 0.02)
        _ = sampler(flow, noise: noise, given: .none, key: key) { step, state in
            // Where the diffusion does not fall towards the data, one step over the last interval is too long for its pull.
            guard [125, 249].contains(step) || (step == 250 && diffusion != .constant) else { return }
            let t = sampler.time(step)
            for axis in 0..<2 {
                let mean = (1 - t) * flow.mean[axis], q = flow.deviation[axis]
                let deviation = ((1 - t) * (1 - t) * q * q + t * t).squareRoot()
                let found = moments(state, dimension: 2, axis: axis)
                #expect(abs(found.mean - mean) < meanError * deviation, "\(t), \(axis)")
                #expect(abs(found.deviation / deviation - 1) < deviationError, "\(t), \(axis): \(found.deviation)")
            }
        }
    }

    @Test("is another sample by another key, the same by the same, and without diffusion Euler's on its grid")
    func keys() {
        func samples(_ scale: Double, _ seed: UInt64) -> [Float] {
            Sampler.sde(steps: 20, last: 0.05, diffusion: .sigma, scale: scale)(
                flow, noise: noise, given: .none, key: RandomKey(seed: seed))
        }
        #expect(mismatch(samples(1, 1), samples(1, 1)) == nil)
        #expect(mismatch(samples(1, 1), samples(1, 2)) != nil)
        #expect(mismatch(samples(0, 1), samples(0, 2)) == nil)
        let times = (0...20).map(Sampler.sde(steps: 20, last: 0.05, diffusion: .sigma, scale: 0).time)
        let column: Shape = [Self.count, 1]
        let expected = zip(times, times.dropFirst()).reduce(noise) { x, pair in
            x + (pair.1 - pair.0) * flow(x, at: Tensor(pair.0).broadcast(to: column), given: .none)
        }
        // Float32 rounding over twenty steps.
        #expect(mismatch(samples(0, 1).doubles, expected.evaluated(), within: 1e-5) == nil)
    }

    @Test("its grid goes from 1 to the last time and then to 0; the last step adds no noise")
    func grid() {
        let sampler = Sampler.sde(steps: 4, last: 0.1, diffusion: .constant, scale: 1)
        let times = (0...4).map(sampler.time)
        #expect(mismatch(times, [1, 0.7, 0.4, 0.1, 0], within: 1e-12) == nil)
        #expect(sampler.evaluations(guidance: nil) == 4 && sampler.isStochastic)
        #expect(sampler.evaluations(guidance: Guidance(scale: 2, to: 0.7)) == 7)
        var states: [[Float]] = []
        _ = sampler(flow, noise: noise, given: .none, key: key) { states.append($1) }
        let before = Tensor(states[2], shape: noise.shape), t = Tensor(0.1).broadcast(to: [Self.count, 1])
        let velocity = flow(before, at: t, given: .none)
        // −½ w s = (x + 0.9 u) / 0.1 where w = 2.
        let mean = before - 0.1 * (velocity + 10 * (before + 0.9 * velocity))
        #expect(mismatch(states[3].doubles, mean.evaluated(), within: 1e-5) == nil)
    }

    @Test("the distributions of diffusion are those of the released code, noise at t = 1")
    func distributions() {
        func values(_ distribution: Diffusion) -> [Double] { [0, 0.25, 0.5, 1].map { distribution(at: $0) } }
        let rise = 0.5 * (1 - 0.5.squareRoot()) * (1 - 0.5.squareRoot())
        #expect(mismatch(values(.sigma), [0, 0.5, 1, 2], within: 1e-12) == nil)
        #expect(values(.constant) == [2, 2, 2, 2])
        #expect(mismatch(values(.decreasing), [0, rise, 0.5, 2], within: 1e-12) == nil)
        #expect(mismatch(values(.increasingDecreasing), [0, 1, 2, 0], within: 1e-12) == nil)
    }
}
