import Tensors
import Testing

@testable import FlowMaps

@Suite("MeanFlow at flow maps that are known") struct MeanFlowOracleTests {
    /// Float64 rounding through a few dozen operations on numbers of order one.
    private let rounding = 1e-12

    private let flow = GaussianFlow(mean: [1.5, -0.5, 0], deviation: [0.5, 2, 0.125])
    private let meanFlow = Term(
        states: .prior, times: .triangle, target: Method.meanFlowFromTeacher.main.target, weighting: .plain)
    private let x = Tensor.normal([6, 3], key: RandomKey(seed: 12))
    /// The whole way, parts of it, and no way at all.
    private let t = [1, 1, 0.75, 0.5, 0.25, 0.375], s = [0, 0.5, 0.25, 0, 0.125, 0.375]

    private func residual(of map: some FlowMap) -> [Double] {
        // States of the prior are the noise as it is, whatever the time.
        meanFlow(.of(sample: nil, noise: x, t: t, s: s), .of(map, teacher: flow)).residual.evaluated()
    }

    @Test("the residual is 0 at the exact map, for every pair of times")
    func exactMap() { #expect(largest(residual(of: flow)) < rounding) }

    @Test("another distribution's map has a residual, at equal times its difference in velocity")
    func wrongMap() {
        let other = GaussianFlow(mean: [1, -0.5, 0], deviation: [0.5, 2, 0.125])
        let found = residual(of: other)
        #expect(largest(found) > 0.1)
        let still = (other(x, at: .column(t), given: .none) - flow(x, at: .column(t), given: .none)).evaluated()
        #expect(largest(zip(found, still).suffix(3).map { $0 - $1 }) < rounding)
    }
}
