import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("FreeFlow's correction at distributions that are known") struct CorrectionOracleTests {
    /// Float64 rounding through a few dozen operations on numbers of order one.
    private let rounding = 1e-12

    private let correction = Method.freeflow.secondTerm!.term

    /// The one-step student x = a z + b.
    private struct Generator: FlowMap {
        let scale, shift: Tensor

        func averageVelocity(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> Tensor {
            x - (scale * x + shift)
        }
    }

    private func rows(_ z: Tensor, _ n: Tensor, levels: [Double]) -> TermBatch {
        .of(
            sample: nil, noise: z, t: levels.map { _ in 1 }, s: levels.map { _ in 0 }, level: levels, renoise: n)
    }

    @Test("the gap is 0 exactly when the auxiliary is the teacher")
    func noGap() {
        let flow = GaussianFlow(mean: [1, 2], deviation: [0.5, 3])
        let (z, n) = (
            Tensor.normal([5, 2], key: RandomKey(seed: 1)), Tensor.normal([5, 2], key: RandomKey(seed: 2))
        )
        func gap(_ auxiliary: GaussianFlow) -> [Double] {
            let networks = TermNetworks.of(
                Generator(scale: Tensor(0.5), shift: Tensor(1)), teacher: flow, auxiliary: auxiliary)
            return correction(rows(z, n, levels: [0, 0.25, 0.5, 0.75, 1]), networks).direction.evaluated()
        }
        #expect(gap(flow).allSatisfy { $0 == 0 })
        #expect(largest(gap(GaussianFlow(mean: [1, 1], deviation: [0.5, 3]))) > 0.1)
    }

    /// Students x = a z + b of data N(m, q²), at noise levels r.
    static let cases: [(scale: Double, shift: Double, level: Double)] = [
        (0.8, 0.3, 0.1), (0.8, 0.3, 0.5), (0.8, 0.3, 0.9), (2.5, -2, 0.4), (0.25, 1.5, 0.7), (0.5, -1, 0.3),
    ]
    private let mean = 1.0, deviation = 0.5

    /// ∂/∂a and ∂/∂b of E F(z, 1) · sg(v_N − u), where F = z − (a z + b).
    ///
    /// The gap is linear in z and n, so the expectation needs their first two moments only, which four points have.
    private func gradient(scale: Double, shift: Double, level: Double) -> [Double] {
        let auxiliary = GaussianFlow(mean: [shift], deviation: [scale])
        let teacher = GaussianFlow(mean: [mean], deviation: [deviation])
        let rows = rows(.column([-1, -1, 1, 1]), .column([-1, 1, -1, 1]), levels: [level, level, level, level])
        let result = valueAndGradient(
            of: { parameters in
                let student = Generator(scale: parameters[0], shift: parameters[1])
                let result = correction(rows, .of(student, teacher: teacher, auxiliary: auxiliary))
                return (result.output * result.direction).mean()
            }, at: [Tensor(scale), Tensor(shift)])
        return Program { _ in result.gradient }.evaluate().flatMap { $0 }
    }

    @Test(
        "weighted by (1 − r)² / r its gradient is that of the divergence of the noised distributions", arguments: cases)
    func divergence(scale: Double, shift: Double, level: Double) {
        let weight = (1 - level) * (1 - level) / level
        let found = gradient(scale: scale, shift: shift, level: level).map { weight * $0 }
        // KL = ½ (ln (S²_p / S²_q) + (S²_q + (1 − r)² (b − m)²) / S²_p − 1), S² = (1 − r)² σ² + r².
        let share = (1 - level) * (1 - level)
        let student = share * scale * scale + level * level, teacher = share * deviation * deviation + level * level
        let expected = [share * scale * (1 / teacher - 1 / student), share * (shift - mean) / teacher]
        #expect(mismatch(found, expected, within: rounding) == nil)
    }

    @Test("a step against the gradient moves the samples' mean and spread towards the data's", arguments: cases)
    func direction(scale: Double, shift: Double, level: Double) {
        let found = gradient(scale: scale, shift: shift, level: level)
        // The deviations that are equal, at 0.5, must not move.
        #expect(scale == deviation ? abs(found[0]) < rounding : (found[0] > 0) == (scale > deviation))
        #expect((found[1] > 0) == (shift > mean))
    }
}
