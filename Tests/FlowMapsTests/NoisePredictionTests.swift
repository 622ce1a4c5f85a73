import Tensors
import Foundation
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Networks that predict noise") struct NoisePredictionTests {
    private let schedule = NoiseSchedule.published

    private func prediction() -> NoisePrediction {
        let shape = NetworkShape.mlp(width: 4, depth: 1, times: Frequencies(count: 2, lowest: 1e-4, highest: 1e-3))
        return NoisePrediction(
            schedule: schedule, network: shape.build(dimension: 2, classes: 0, key: RandomKey(seed: 1)))
    }

    @Test("a time has the step at which noise over data is the same, also between steps and beyond the ends")
    func steps() {
        let times = schedule.times, whole = [0, 1, 250, 500, 998, 999].map { Float(times[$0]) }
        let between = Float((times[400] + times[401]) / 2)
        let t = Tensor([0] + whole + [between, 1], shape: [whole.count + 3, 1])
        let found = Tensor.materialized([prediction().step(at: t)])[0].map(Double.init)
        // A time in float32 is known to 6e-8 near 1, where a step is 6e-5 long.
        #expect(mismatch(found, [0, 0, 1, 250, 500, 998, 999, 400.5, 999], within: 1e-3) == nil)
    }

    @Test("the published schedule ends at a signal of 4e-5, as arXiv 2006.11239 states")
    func published() {
        #expect(schedule.signals.count == 1000 && abs(schedule.signals[999] - 4.036e-5) < 1e-8)
        #expect(schedule.times == schedule.times.sorted())
    }

    @Test("the velocity has no jump where the schedule ends, and is finite at both ends of time")
    func ends() {
        let model = prediction(), last = schedule.times[999]
        let times = [0, Float(last) - 1e-6, Float(last) + 1e-6, 1]
        let x = Tensor((0..<4).flatMap { _ in [Float(0.3), -1.2] }, shape: [4, 2])
        let u = Tensor.materialized([model(x, time: Tensor(times, shape: [4, 1]), duration: nil, .none)])[0]
        #expect(u.filter { !$0.isFinite } == [])
        // 1 / (1 − t) is 158 there and grows by 2.5e-2 over 1e-6.
        #expect(mismatch(u[2..<4].map(Double.init), u[4..<6].map(Double.init), within: 1e-3) == nil)
    }

    @Test("schedules that end in no signal, or fall, are refused")
    func refusals() {
        func message(_ schedule: NoiseSchedule) -> String {
            do throws(Violation) {
                try schedule.validate()
                return "accepted"
            } catch { return "\(error)" }
        }
        #expect(
            message(.published) == "accepted"
                && message(.scaledLinear(steps: 1000, first: 8.5e-4, last: 0.012)) == "accepted")
        #expect(message(.linear(steps: 1, first: 0.1, last: 0.2)) == "steps: found 1, allowed: from 2 to 10000")
        #expect(
            message(.linear(steps: 10, first: 0.2, last: 0.1))
                == "last: found 0.1, allowed: more than first and less than 1")
        #expect(message(.linear(steps: 1000, first: 0.1, last: 0.9)).hasPrefix("found a signal of "))
    }
}
