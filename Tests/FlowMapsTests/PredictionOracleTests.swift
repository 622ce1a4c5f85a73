import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("FreeFlow's prediction at flow maps that are known") struct PredictionOracleTests {
    /// Float64 rounding through a few dozen operations on numbers of order one.
    private let rounding = 1e-12

    private let flow = GaussianFlow(mean: [1.5, -0.5, 0], deviation: [0.5, 2, 0.125])
    /// Both ends, and between.
    private let durations = [0, 0.125, 0.25, 0.4, 0.5, 0.75, 0.96875, 1]
    private let noise = Tensor.normal([8, 3], key: RandomKey(seed: 11))

    /// What FreeFlow's first term makes of each noise and duration.
    private func result(
        _ derivative: Derivative, of map: some FlowMap, teacher: some VelocityField, at durations: [Double],
        from start: [Double]? = nil
    ) -> TermResult {
        let term = Method.prediction(derivative).main
        let t = start ?? durations.map { _ in 1 }, s = Tensor.column(t) - .column(durations)
        let taken = derivative.times(from: .column(t), to: s)
        let rows = TermBatch.of(
            sample: nil, noise: noise.slice(0..<durations.count), t: t, s: taken.s.evaluated(), r: taken.r.evaluated())
        return term(rows, .of(map, teacher: teacher))
    }

    /// The residual at each noise and duration.
    private func residual(
        _ derivative: Derivative, of map: some FlowMap, teacher: some VelocityField, at durations: [Double],
        from start: [Double]? = nil
    ) -> [Double] {
        result(derivative, of: map, teacher: teacher, at: durations, from: start).residual.evaluated()
    }

    @Test("by forward mode the residual is 0 at the exact map, for every duration")
    func exactMap() {
        #expect(largest(residual(.jvp, of: flow, teacher: flow, at: durations)) < rounding)
    }

    @Test("by differences the residual is 0 at the map of Euler's method, from any time", arguments: [1, 2, 5, 8])
    func eulerMap(intervals: Int) {
        let euler = EulerMap(field: flow, intervals: intervals)
        let found = residual(.differences(intervals: intervals), of: euler, teacher: flow, at: durations)
        #expect(largest(found) < rounding)
        // From other times, down to 0 and in between; at t = 0 there is no way to go.
        let start = [0.9, 0.75, 0.5, 0.4, 0.25, 0.125, 1e-3, 0], way = start.map { $0 * 0.7 }
        let below = residual(.differences(intervals: intervals), of: euler, teacher: flow, at: way, from: start)
        #expect(largest(below) < rounding)
    }

    @Test("by differences the residual of the exact map is of the first order in the interval")
    func firstOrder() {
        let durations = [0.25, 0.5, 0.75]
        let coarse = largest(residual(.differences(intervals: 64), of: flow, teacher: flow, at: durations))
        let fine = largest(residual(.differences(intervals: 128), of: flow, teacher: flow, at: durations))
        // 2, but for a term of the next order, which is below a tenth at these intervals.
        #expect((1.8...2.2).contains(coarse / fine))
        #expect(fine > 1e-4)
    }

    @Test("a wrong map has a residual: another distribution's, the teacher's own velocity, Euler's by forward mode")
    func wrongMaps() {
        let derivatives = [Derivative.jvp, .differences(intervals: 8)]
        let other = GaussianFlow(mean: [1.5, -0.5, 0.5], deviation: [0.5, 2, 0.125])
        for derivative in derivatives {
            #expect(largest(residual(derivative, of: other, teacher: flow, at: durations)) > 0.1)
            #expect(largest(residual(derivative, of: StillMap(field: flow), teacher: flow, at: durations)) > 0.1)
        }
        let euler = EulerMap(field: flow, intervals: 8)
        #expect(largest(residual(.jvp, of: euler, teacher: flow, at: durations)) > 0.01)
    }

    @Test("by differences a duration counts as the start of its interval, and 1 as in the last one")
    func grid() {
        let found = { (durations: [Double]) in
            residual(.differences(intervals: 4), of: flow, teacher: flow, at: durations)
        }
        #expect(mismatch(found([0, 0.2, 0.3, 0.7, 0.9, 1]), found([0, 0, 0.25, 0.5, 0.75, 0.75])) == nil)
    }

    @Test("what the gradient goes through is the mean velocity at the duration, by differences at the interval's end")
    func velocity() {
        let ones = Tensor.ones([3, 1]), noise = noise.slice(0..<3)
        func velocity(_ derivative: Derivative) -> [Double] {
            result(derivative, of: flow, teacher: flow, at: [0, 0.3, 1]).output.evaluated()
        }
        func expected(_ durations: [Double]) -> [Double] {
            flow.averageVelocity(noise, from: ones, to: ones - .column(durations), given: .none).evaluated()
        }
        #expect(mismatch(velocity(.jvp), expected([0, 0.3, 1]), within: rounding) == nil)
        #expect(mismatch(velocity(.differences(intervals: 4)), expected([0.25, 0.5, 1]), within: rounding) == nil)
    }

    /// A map that goes on with the velocity of its start: what a student begins as.
    private struct StillMap<Field: VelocityField>: FlowMap {
        let field: Field

        func averageVelocity(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> Tensor {
            field(x, at: t, given: condition)
        }
    }
}
