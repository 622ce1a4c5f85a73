import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Grids of a sampler's times") struct TimeGridTests {
    /// Float64 rounding through a power and its root.
    private let rounding = 1e-12

    @Test("fall from 1 to 0, and a shift spends more of the steps near noise")
    func shift() {
        let even = Sampler.euler(steps: 4), shifted = Sampler.euler(steps: 4, grid: .shift(3))
        #expect((0...4).map(even.time) == [1, 0.75, 0.5, 0.25, 0])
        #expect(mismatch((0...4).map(shifted.time), [1, 0.9, 0.75, 0.5, 0], within: rounding) == nil)
        #expect((0...4).map(Sampler.euler(steps: 4, grid: .shift(1)).time) == (0...4).map(even.time))
    }

    @Test("of EDM have noise levels evenly spaced in their seventh roots")
    func karras() {
        let steps = 18, sampler = Sampler.heun(steps: steps, grid: .karras(smallest: 0.002, largest: 80, rho: 7))
        let times = (0...steps).map(sampler.time)
        #expect(times[0] == 1 && times[steps] == 0)
        #expect(zip(times, times.dropFirst()).allSatisfy { $0 > $1 })
        // σ^{1/7} of levels 1 to 17, whose differences are all one number.
        let roots = times[1..<steps].map { t in exp(log(Tensor(t / (1 - t))) / 7).evaluated()[0] }
        let gaps = zip(roots, roots.dropFirst()).map { $0 - $1 }
        #expect(gaps.allSatisfy { abs($0 - gaps[0]) < 1e-9 })
        #expect(abs(times[steps - 1] - 0.002 / 1.002) < rounding)
    }

    @Test("change no number of evaluations, but the samples")
    func samples() {
        let field = GaussianFlow(mean: [1.5, -0.5], deviation: [0.5, 2])
        let noise = Tensor.normal([8, 2], key: RandomKey(seed: 3))
        let even = Sampler.heun(steps: 8), shifted = Sampler.heun(steps: 8, grid: .shift(2))
        #expect(even.evaluations(guidance: nil) == shifted.evaluations(guidance: nil))
        let exact = field.state(noise, from: .ones([8, 1]), to: .zeros([8, 1])).evaluated().map(Float.init)
        let found = [even, shifted].map { $0(field, noise: noise, given: .none) }
        #expect(found[0] != found[1])
        // Heun's method of eight steps is near the path on either grid.
        #expect(found.allSatisfy { mismatch($0, exact, within: 0.05) == nil })
    }

    @Test("are refused where they are none")
    func refused() {
        func refusal(_ grid: TimeGrid) -> String? {
            do throws(Violation) {
                try Sampler.euler(steps: 4, grid: grid).validate()
                return nil
            } catch { return error.key }
        }
        #expect(refusal(.shift(0)) == "euler.grid.shift")
        #expect(refusal(.karras(smallest: 2, largest: 1, rho: 7)) == "euler.grid.karras.largest")
        #expect(refusal(.karras(smallest: 0.002, largest: 80, rho: 7)) == nil)
        #expect(throws: Violation.self) {
            try StateSource.teacherPath(sampler: .euler(steps: 4, grid: .shift(2))).validate()
        }
    }
}
