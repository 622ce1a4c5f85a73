import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Policies") struct PolicyTests {
    /// Float64 rounding through some dozens of operations on numbers of order one.
    private let rounding = 1e-11

    private let count = 6
    private let t: [Double] = [1, 1, 0.9, 0.75, 0.5, 0.25]
    private let a: [Double] = [0.6, 1e-3, 0.2, 0.75, 0.1, 0]
    private var state: Tensor { .normal([count, 2], key: RandomKey(seed: 5)) }
    private var start: Tensor { .normal([count, 2], key: RandomKey(seed: 6)) }

    @Test("that of a mixture is the velocity of the same mixture of Gaussians, from any time on, down to the data")
    func exact() {
        let mixture = GaussianMixture.threeModes
        let policy = ExactPolicyMap(mixture: mixture).policy(
            start, from: .column(t), to: .zeros([count, 1]), given: .none)
        let found = policy(state, at: .column(a)).evaluated()
        #expect(mismatch(found, mixture(state, at: .column(a), given: .none).evaluated(), within: rounding) == nil)
        #expect(
            mismatch(
                policy(start, at: .column(t)).evaluated(), mixture(start, at: .column(t), given: .none).evaluated(),
                within: rounding) == nil)
    }

    @Test("that of a mixture is what Bayes' rule gives on a fine grid of samples")
    func bayes() {
        let velocities = [0.7, -1.1, 0.2], logits = [0.3, -0.8, 0.1], logDeviation = -0.9
        let (begin, tau, x, a) = (0.4, 0.8, -0.2, 0.35)
        let policy = MixturePolicy(
            start: .column([begin]), time: .column([tau]),
            means: Tensor.column(velocities).reshaped(to: [1, 3, 1, 1]),
            logits: Tensor.column(logits).reshaped(to: [1, 3, 1, 1]),
            logDeviation: Tensor(logDeviation).broadcast(to: [1, 1, 1, 1]))
        func e(_ value: Double) -> Double { exp(Tensor(value)).evaluated()[0] }
        let deviation = tau * e(logDeviation)
        // The trapezoid rule on a smooth density that has died away at its ends leaves rounding alone.
        var (mass, moment) = (0.0, 0.0)
        for index in 0...600 {
            let sample = -6 + 0.02 * Double(index)
            let prior = zip(velocities, logits).reduce(0) { sum, part in
                let away = (sample - (begin - tau * part.0)) / deviation
                return sum + e(part.1 - 0.5 * away * away)
            }
            let (here, there) = ((x - (1 - a) * sample) / a, (begin - (1 - tau) * sample) / tau)
            let weight = prior * e(-0.5 * here * here + 0.5 * there * there)
            mass += weight
            moment += weight * sample
        }
        let found = policy(.column([x]), at: .column([a])).evaluated()[0]
        #expect(abs(found - (x - moment / mass) / a) < 1e-9)
    }

    @Test("of a grid of samples is exact where the denoised sample is a broken line in time")
    func broken() {
        let (from, to) = (1.0, 0.2), points = 5
        let start = Tensor.row([0.3, -0.7])
        let samples = (0..<points).map { Tensor.normal([1, 2], key: RandomKey(seed: 40).folding($0)) }
        let policy = GridPolicy(
            start: start, time: .column([from]), end: .column([to]),
            velocities: Tensor.concatenate(samples.map { (start - $0) / from }).reshaped(to: [1, points, 2]))
        let x = Tensor.row([0.1, 0.2])
        for index in 0..<(points - 1) {
            for share in [0.0, 0.3, 1] {
                let a = from + (to - from) * (Double(index) + share) / Double(points - 1)
                let sample = (1 - share) * samples[index] + share * samples[index + 1]
                #expect(
                    mismatch(policy(x, at: .column([a])).evaluated(), ((x - sample) / a).evaluated(), within: rounding)
                        == nil)
            }
        }
    }

    @Test("lead to the end of the teacher's path, with an error that halves with the steps")
    func path() {
        let mixture = GaussianMixture.threeModes
        let from = Tensor.ones([count, 1]), to = Tensor(0.05).broadcast(to: [count, 1])
        func end(_ substeps: Int) -> [Double] {
            ExactPolicyMap(mixture: mixture, substeps: substeps)(start, from: from, to: to, given: .none).evaluated()
        }
        let ends = [32, 64, 128].map(end)
        func gap(_ index: Int) -> Double { largest(zip(ends[index], ends[index + 1]).map(-)) }
        #expect(gap(0) / gap(1) > 1.6 && gap(0) / gap(1) < 2.5)
        // The same steps of Euler's method along the velocity itself.
        var x = start
        for index in 0..<32 {
            let time = from + Double(index) / 32 * (to - from)
            x = x + (to - from) / 32 * mixture(x, at: time, given: .none)
        }
        #expect(mismatch(ends[0], x.evaluated(), within: rounding) == nil)
    }

    @Test("give the states of their path at any times of the step")
    func places() {
        let policy = ExactPolicyMap(mixture: .threeModes).policy(
            start, from: .column(t), to: .zeros([count, 1]), given: .none)
        let whole = policy.states(
            at: [.column(t), .column(t.map { $0 / 2 }), .zeros([count, 1])], to: .zeros([count, 1]), substeps: 4
        ).map { $0.evaluated() }
        #expect(mismatch(whole[0], start.evaluated()) == nil)
        let half = policy.averageVelocity(to: .column(t.map { $0 / 2 }), substeps: 2)
        #expect(mismatch(whole[1], (start - Tensor.column(t) / 2 * half).evaluated(), within: rounding) == nil)
        let all = policy.averageVelocity(to: .zeros([count, 1]), substeps: 4)
        #expect(mismatch(whole[2], (start - Tensor.column(t) * all).evaluated(), within: rounding) == nil)
    }
}
