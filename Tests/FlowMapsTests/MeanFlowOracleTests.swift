import Engine
import FlowMaps
import Testing

@Suite("MeanFlow at flow maps that are known") struct MeanFlowOracleTests {
    /// Float64 rounding through a few dozen operations on numbers of order one.
    private let rounding = 1e-12

    private let flow = GaussianFlow(mean: [1.5, -0.5, 0], deviation: [0.5, 2, 0.125])
    private let meanFlow = MeanFlow(
        states: .prior, times: PairDistribution(first: .point(at: 1), second: .point(at: 0), equal: 0),
        decay: ResidualDecay(exponent: 0, epsilon: 1), guidance: nil)
    private let x = Tensor.normal([6, 3], key: RandomKey(seed: 12))
    /// The whole way, parts of it, and no way at all.
    private let t = Tensor.column([1, 1, 0.75, 0.5, 0.25, 0.375])
    private let s = Tensor.column([0, 0.5, 0.25, 0, 0.125, 0.375])

    private func residual(of map: some FlowMap) -> [Double] {
        meanFlow.residual(of: map, teacher: flow, at: x, from: t, to: s, given: .none).residual.evaluated()
    }

    @Test("the residual is 0 at the exact map, for every pair of times")
    func exactMap() { #expect(largest(residual(of: flow)) < rounding) }

    @Test("another law's map has a residual, at equal times its difference in velocity")
    func wrongMap() {
        let other = GaussianFlow(mean: [1, -0.5, 0], deviation: [0.5, 2, 0.125])
        let found = residual(of: other)
        #expect(largest(found) > 0.1)
        let still = (other(x, at: t, given: .none) - flow(x, at: t, given: .none)).evaluated()
        #expect(largest(zip(found, still).suffix(3).map { $0 - $1 }) < rounding)
    }
}
