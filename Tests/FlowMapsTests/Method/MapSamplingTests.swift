import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Samplers of flow maps") struct MapSamplingTests {
    private let flow = GaussianFlow(mean: [1.5], deviation: [0.5])
    private static let count = 4096
    private let noise = Tensor.normal([count, 1], key: RandomKey(seed: 21))
    /// Of 4096 samples with deviation ½: four standard errors of a mean and of a deviation.
    private let errors = (mean: 0.032, deviation: 0.0225)

    private func samples(_ sampling: MapSampling, _ steps: Int) -> [Float] {
        let samples = sampling(flow, noise: noise, given: .none, steps: steps, key: RandomKey(seed: 22))
        return Tensor.materialized([samples])[0]
    }

    @Test(
        "of the exact map give its distribution, whatever the number of steps",
        arguments: [MapSampling.map, .restart, .gamma(value: 0), .gamma(value: 0.4), .gamma(value: 1)], [1, 2, 4, 8])
    func distribution(sampling: MapSampling, steps: Int) {
        let found = moments(samples(sampling, steps))
        #expect(abs(found.mean - 1.5) < errors.mean)
        #expect(abs(found.deviation - 0.5) < errors.deviation)
    }

    @Test("are all the map in one evaluation; the map alone, and γ = 0, stay on one path in several")
    func paths() {
        let one = samples(.map, 1)
        for sampling in [MapSampling.restart, .gamma(value: 0.5)] {
            #expect(mismatch(samples(sampling, 1), one) == nil)
        }
        for sampling in [MapSampling.map, .gamma(value: 0)] {
            // Float32 rounding over eight steps of numbers of order one.
            #expect(zip(samples(sampling, 8), one).allSatisfy { abs($0 - $1) < 1e-5 })
        }
        #expect(zip(samples(.restart, 2), one).contains { abs($0 - $1) > 0.1 })
    }

    @Test("by γ = 1 are those by restarts, and of velocities those of Euler's method")
    func special() {
        #expect(zip(samples(.gamma(value: 1), 4), samples(.restart, 4)).allSatisfy { abs($0 - $1) < 1e-5 })
        let euler = Sampler.euler(steps: 8)(flow, noise: noise, given: .none)
        #expect(zip(samples(.velocity, 8), euler).allSatisfy { abs($0 - $1) < 1e-5 })
    }
}
