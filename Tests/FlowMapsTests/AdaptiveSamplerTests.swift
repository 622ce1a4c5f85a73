import Tensors
import Foundation
import TestSupport
import Testing

@testable import FlowMaps

@Suite("The adaptive sampler") struct AdaptiveSamplerTests {
    private static let count = 256
    private let noise = Tensor(
        RandomKey(seed: 3).folding("noise").normal(count: 2 * AdaptiveSamplerTests.count),
        shape: [AdaptiveSamplerTests.count, 2])
    private let flow = GaussianFlow(mean: [1.5, -0.5], deviation: [0.5, 2])

    private func sampler(_ relative: Double) -> Sampler { .adaptive(relative: relative, absolute: relative / 10) }

    private func exact(at time: Double) -> [Double] {
        let column: Shape = [Self.count, 1]
        return flow.state(noise, from: .ones(column), to: Tensor(time).broadcast(to: column)).evaluated()
    }

    @Test("the tableau meets the conditions of orders 5 and 4 on x' = t^k, and its rows add up to the nodes")
    func tableau() {
        // Float64 rounding of fractions.
        let rounding = 1e-14
        for (node, row) in zip(DormandPrince.nodes, DormandPrince.stages) {
            #expect(abs(row.reduce(0, +) - node) < rounding)
        }
        func moment(_ weights: [Double], _ order: Int) -> Double {
            var sum = 0.0
            for (weight, node) in zip(weights, DormandPrince.nodes) { sum += weight * pow(node, Double(order)) }
            return sum
        }
        for order in 0...4 {
            #expect(abs(moment(DormandPrince.stages[6], order) - 1 / Double(order + 1)) < rounding)
            #expect((abs(moment(DormandPrince.error, order)) < rounding) == (order < 4), "they differ from order 5 on")
        }
    }

    @Test("ends where the exact flow does, the nearer the tighter it is told to be, for more evaluations")
    func accuracy() {
        let runs = [1e-2, 1e-4, 1e-5].map { tolerance in
            let run = sampler(tolerance).run(flow, noise: noise, given: .none)
            let error = relativeDifference(run.values.doubles, exact(at: 0))
            // The error of a step is held to the tolerance; there are a few steps of it.
            #expect(error < 10 * tolerance, "\(tolerance): \(error)")
            return (error: error, evaluations: run.evaluations(guidance: nil))
        }
        #expect(runs[0].error > runs[2].error)
        #expect(runs[0].evaluations < runs[1].evaluations && runs[1].evaluations < runs[2].evaluations)
        // At this accuracy Heun's method takes hundreds of steps.
        #expect(runs[1].evaluations < 150)
    }

    @Test("its path is that of the flow at every point that it tells of, the last being the sample")
    func told() {
        let tolerance = 1e-4
        let sampler = sampler(tolerance)
        var states: [[Float]] = []
        let end = sampler(flow, noise: noise, given: .none) { step, state in
            #expect(step == states.count + 1)
            states.append(state)
        }
        #expect(states.count == 16 && states.last == end)
        for (index, state) in states.enumerated() {
            // The interpolant's error is one order below the step's.
            #expect(
                mismatch(state.doubles, exact(at: sampler.time(index + 1)), within: 30 * tolerance) == nil, "\(index)")
        }
    }

    @Test("evaluations are counted as they fall: two to begin, six an attempt; guided ones in their interval twice")
    func counted() {
        let run = sampler(1e-3).run(flow, noise: noise, given: .none)
        let evaluations = run.evaluations(guidance: nil)
        #expect((evaluations - 2).isMultiple(of: 6) && evaluations == run.times.count)
        #expect(run.times.allSatisfy { (0...1).contains($0) } && run.times.first == 1 && run.times.last == 0)
        let guidance = Guidance(scale: 2, to: 0.5)
        let inside = run.times.count { $0 <= 0.5 }
        #expect(run.evaluations(guidance: guidance) == evaluations + inside && inside > 0)
        #expect(sampler(1e-3).evaluations(guidance: nil) == nil)
    }

    @Test("a velocity that is no number ends it, as a sample that is none")
    func notANumber() {
        let run = sampler(1e-3).run(BrokenVelocity(), noise: noise, given: .none)
        #expect(run.values.allSatisfy { $0.isNaN })
    }

    @Test("tolerances that float32 cannot hold are refused")
    func refused() {
        func message(_ sampler: Sampler) -> String? {
            #expect(throws: Violation.self) { try sampler.validate() }?.description
        }
        #expect(
            message(.adaptive(relative: 0, absolute: 1e-3))
                == "adaptive.relative: found 0.0, allowed: from 1e-06 to 1.0")
        #expect(
            message(.adaptive(relative: 1e-3, absolute: -1))
                == "adaptive.absolute: found -1.0, allowed: from 1e-08 to 1.0")
        #expect(
            message(.sde(steps: 1, last: 0.04, diffusion: .sigma, scale: 1))
                == "sde.steps: found 1, allowed: at least 2")
        #expect(
            message(.sde(steps: 9, last: 1, diffusion: .sigma, scale: 1))
                == "sde.last: found 1.0, allowed: more than 0 and less than 1")
        let states = StateSource.teacherSamples(count: 9, sampler: sampler(1e-3), coupling: .independent)
        let text = #expect(throws: Violation.self) { try states.validate() }?.description
        #expect(text?.hasPrefix("teacherSamples.sampler: found adaptive, allowed: euler, heun or sde") == true)
    }
}

private struct BrokenVelocity: VelocityField {
    func callAsFunction(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor { sqrt(x - 100) }
}
