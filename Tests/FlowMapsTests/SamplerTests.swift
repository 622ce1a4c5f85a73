import Tensors
import FlowMaps
import TestSupport
import Testing

@Suite("Samplers") struct SamplerTests {
    private static let count = 4096
    private let noise = Tensor(
        RandomKey(seed: 3).folding("noise").normal(count: 2 * SamplerTests.count), shape: [SamplerTests.count, 2])
    private let flow = GaussianFlow(mean: [1.5, -0.5], deviation: [0.5, 2])

    /// The largest distance of a sampler's states from where the exact flow ends.
    private func error(_ sampler: Sampler) -> Double {
        let exact = flow.sample(noise, given: .none).evaluated()
        return largest(zip(sampler(flow, noise: noise, given: .none).doubles, exact).map { $0 - $1 })
    }

    @Test("both carry the prior to the data's distribution", arguments: [Sampler.euler(steps: 200), .heun(steps: 24)])
    func distribution(sampler: Sampler) {
        // Of 4096 samples: four standard errors of a mean, 4 / √4096, and of a deviation, 4 / √8192. The discretisation
        // adds less than 0.01.
        let (meanError, deviationError) = (0.0625 + 0.01, 0.045 + 0.01)
        let samples = sampler(flow, noise: noise, given: .none)
        for axis in 0..<2 {
            let found = moments(samples, dimension: 2, axis: axis)
            #expect(abs(found.mean - flow.mean[axis]) < meanError * flow.deviation[axis])
            #expect(abs(found.deviation / flow.deviation[axis] - 1) < deviationError)
        }
    }

    @Test("Euler's error is of the first order in the step")
    func firstOrder() {
        let ratio = error(.euler(steps: 64)) / error(.euler(steps: 128))
        // 2, but for a term of the next order, which is below a tenth at these steps.
        #expect((1.8...2.2).contains(ratio))
    }

    @Test("Heun's error is of the second order, though its last step is a plain one")
    func secondOrder() {
        let ratio = error(.heun(steps: 16)) / error(.heun(steps: 32))
        // 4, but for a term of the next order, which is below a fifth at these steps.
        #expect((3.2...4.8).contains(ratio))
    }

    @Test("a step of Heun's is the mean of the velocities at its ends, the last one plain")
    func heun() {
        // Float32 rounding through a handful of operations on numbers of order one.
        let rounding = 1e-5
        func velocity(_ x: Tensor, _ time: Double) -> Tensor {
            flow(x, at: Tensor(time).broadcast(to: [Self.count, 1]), given: .none)
        }
        let predicted = noise - 0.5 * velocity(noise, 1)
        let middle = noise - 0.25 * (velocity(noise, 1) + velocity(predicted, 0.5))
        let end = middle - 0.5 * velocity(middle, 0.5)
        let found = Sampler.heun(steps: 2)(flow, noise: noise, given: .none).doubles
        #expect(mismatch(found, end.evaluated(), within: rounding) == nil)
        let single = Sampler.heun(steps: 1)(flow, noise: noise, given: .none)
        #expect(mismatch(single, Sampler.euler(steps: 1)(flow, noise: noise, given: .none)) == nil)
    }

    @Test("the grid is uniform and ends exactly at 1 and 0; tenths are the numbers that a study writes")
    func grid() {
        let times = (0...10).map(Sampler.euler(steps: 10).time)
        #expect(times == [1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0])
    }

    @Test("Euler takes an evaluation a step, Heun two but for the last")
    func evaluations() {
        for steps in [1, 2, 7, 50] {
            #expect(Sampler.euler(steps: steps).evaluations(guidance: nil) == steps)
            #expect(Sampler.heun(steps: steps).evaluations(guidance: nil) == 2 * steps - 1)
        }
    }

    @Test("guidance doubles the evaluations, in its interval only")
    func guidedEvaluations() {
        #expect(Sampler.euler(steps: 10).evaluations(guidance: Guidance(scale: 2)) == 20)
        #expect(Sampler.heun(steps: 10).evaluations(guidance: Guidance(scale: 2)) == 38)
        #expect(Sampler.heun(steps: 10).evaluations(guidance: Guidance(scale: 1)) == 19)
        // Of the times 1, 0.9 … 0.1, seven are at most 0.7.
        #expect(Sampler.euler(steps: 10).evaluations(guidance: Guidance(scale: 2, to: 0.7)) == 17)
        // The ends count as inside: all ten times from 0.1 on, five from 0.6 on.
        #expect(Sampler.euler(steps: 10).evaluations(guidance: Guidance(scale: 2, from: 0.1)) == 20)
        #expect(Sampler.euler(steps: 10).evaluations(guidance: Guidance(scale: 2, from: 0.6)) == 15)
        // Predictors at 1 … 0.1 of which seven are guided, correctors at 0.9 … 0.1 of which seven are guided.
        #expect(Sampler.heun(steps: 10).evaluations(guidance: Guidance(scale: 2, to: 0.7)) == 19 + 14)
    }

    @Test("a sampler of no steps is refused")
    func refused() {
        let euler = #expect(throws: Violation.self) { try Sampler.euler(steps: 0).validate() }
        #expect(euler?.description == "euler.steps: found 0, allowed: at least 1")
        let heun = #expect(throws: Violation.self) { try Sampler.heun(steps: -3).validate() }
        #expect(heun?.description == "heun.steps: found -3, allowed: at least 1")
        #expect(throws: Never.self) { try Sampler.heun(steps: 1).validate() }
    }
}
