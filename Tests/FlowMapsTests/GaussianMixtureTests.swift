import Tensors
import FlowMaps
import Foundation
import TestSupport
import Testing

@Suite("The exact velocity of a Gaussian mixture") struct GaussianMixtureTests {
    /// Float64 rounding through a handful of operations.
    private let rounding = 1e-12

    private let x = Tensor.normal([6, 3], key: RandomKey(seed: 5)) * 2
    private let t = Tensor.column([0, 0.125, 0.5, 0.75, 0.9375, 1])

    @Test("one component gives the closed form of a Gaussian")
    func oneComponent() {
        let mean = [1.0, -2, 0.25]
        let mixture = GaussianMixture(means: [mean], deviation: 0.75)
        let flow = GaussianFlow(mean: mean, deviation: [0.75, 0.75, 0.75])
        let expected = flow(x, at: t, given: .none).evaluated()
        #expect(mismatch(mixture(x, at: t, given: .none).evaluated(), expected, within: rounding) == nil)
        #expect(
            mismatch(mixture.unconditional(x, at: t).evaluated(), mixture(x, at: t, given: .none).evaluated()) == nil)
    }

    @Test("the velocity is E[n − x | x_t], as the posterior on a grid has it")
    func posterior() {
        // A sum over a fine grid of a smooth, vanishing integrand is exact but for rounding.
        let tolerance = 1e-9
        let (means, weights, deviation) = ([-1.5, 0.5, 2], [0.2, 0.5, 0.3], 0.4)
        let mixture = GaussianMixture(means: means.map { [$0] }, weights: weights, deviation: deviation)
        let states = [-2.0, -0.75, 0, 0.5, 1.25, 3], times = [0.15, 0.3, 0.5, 0.7, 0.9, 0.4]
        let expected = zip(states, times).map { state, time in
            var (sum, total) = (0.0, 0.0)
            for data in stride(from: -8, through: 8, by: 1.0 / 512) {
                let noise = (state - (1 - time) * data) / time
                let prior = zip(means, weights).reduce(0) { sum, component in
                    let distance = (data - component.0) / deviation
                    return sum + component.1 * Foundation.exp(-distance * distance / 2)
                }
                let weight = prior * Foundation.exp(-noise * noise / 2)
                sum += weight * (noise - data)
                total += weight
            }
            return sum / total
        }
        let found = mixture(.column(states), at: .column(times), given: .none).evaluated()
        #expect(mismatch(found, expected, within: tolerance) == nil)
    }

    @Test("at the data the velocity is −x, at the noise x less the data's mean")
    func ends() {
        let mixture = GaussianMixture(means: [[-1.5, 2], [1, 0.5]], weights: [1, 3], deviation: 0.5)
        let x = Tensor([0.5, -1, 2, 0.25], shape: [2, 2])
        let atData = mixture(x, at: .zeros([2, 1]), given: .none).evaluated()
        #expect(mismatch(atData, x.evaluated().map { -$0 }, within: rounding) == nil)
        let atNoise = mixture(x, at: .ones([2, 1]), given: .none)
        let mean = [0.25 * -1.5 + 0.75 * 1, 0.25 * 2 + 0.75 * 0.5]
        #expect(mismatch(atNoise.evaluated(), (x - .row(mean)).evaluated(), within: rounding) == nil)
        // The posterior mean there is the data's mean, whatever x is.
        let posterior = Interpolant.data(from: x, velocity: atNoise, at: .ones([2, 1])).evaluated()
        #expect(mismatch(posterior, mean + mean, within: rounding) == nil)
    }

    @Test("sampling carries the prior to the mixture: its mean, its deviation and its weights")
    func sampling() {
        let count = 4096
        let mixture = GaussianMixture(means: [[-2, 0], [2, 1]], weights: [1, 3], deviation: 0.25)
        let noise = Tensor(RandomKey(seed: 8).normal(count: 2 * count), shape: [count, 2])
        let samples = Sampler.heun(steps: 32)(mixture, noise: noise, given: .none)
        // Four standard errors of a share of 0.25, and as much again for the discretisation.
        let share = Double(stride(from: 0, to: samples.count, by: 2).count { samples[$0] < 0 }) / Double(count)
        #expect(abs(share - 0.25) < 8 * (0.25 * 0.75 / Double(count)).squareRoot())
        // Means 1 and 0.75; variances q² + 0.25 · 0.75 · (4² and 1²).
        let (first, second) = (moments(samples, dimension: 2), moments(samples, dimension: 2, axis: 1))
        let deviations = [(0.0625 + 3).squareRoot(), (0.0625 + 0.1875).squareRoot()]
        // Four standard errors, 4 / √4096, and as much again for the discretisation.
        #expect(abs(first.mean - 1) < 0.125 * deviations[0] && abs(second.mean - 0.75) < 0.125 * deviations[1])
        #expect(abs(first.deviation / deviations[0] - 1) < 0.1 && abs(second.deviation / deviations[1] - 1) < 0.1)
    }
}
