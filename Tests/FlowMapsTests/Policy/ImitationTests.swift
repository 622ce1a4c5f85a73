import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Imitation by a policy") struct ImitationTests {
    /// Float64 rounding through a path of some steps.
    private let rounding = 1e-10
    private let t = [1, 1, 0.75, 0.5, 0.25, 0.4], s = [0, 0.5, 0.25, 0, 0.125, 0.3]

    private var rows: TermBatch {
        .of(
            sample: .normal([6, 2], key: RandomKey(seed: 1)), noise: .normal([6, 2], key: RandomKey(seed: 2)), t: t,
            s: s, fraction: [0, 0.2, 0.4, 0.6, 0.8, 0.99])
    }

    private let term = Term(
        states: .plainData, times: .dyadic(levels: 2), target: .imitation(places: 2, substeps: 6),
        weighting: .plain)

    @Test("has no residual where the policy is the teacher's velocity, and one where it is another's")
    func exact() {
        let map = ExactPolicyMap(mixture: .threeModes)
        let found = term(rows, .of(map, teacher: GaussianMixture.threeModes))
        #expect(largest(found.residual.evaluated()) < rounding)
        #expect(found.output.shape == [12, 2])
        let other = GaussianMixture(
            means: GaussianMixture.threeModes.means, weights: [0.2, 0.5, 0.3], deviation: 0.4)
        #expect(largest(term(rows, .of(map, teacher: other)).residual.evaluated()) > 0.05)
    }

    @Test("is asked at places of the policy's own path, one in each equal part of the step and none in its last bit")
    func places() {
        let map = ExactPolicyMap(mixture: .threeModes, substeps: 16)
        let found = term(rows, .of(map, teacher: GaussianMixture.threeModes))
        #expect(found.places.count == 2)
        let policy = map.policy(found.state, from: .column(t), to: .column(s), given: .none)
        for (index, place) in found.places.enumerated() {
            let times = place.time.evaluated()
            let shares = zip(times, zip(t, s)).map { ($1.0 - $0) / ($1.0 - $1.1) }
            let part = (15.0 / 16) / 2
            #expect(shares.allSatisfy { $0 >= part * Double(index) - 1e-12 && $0 <= part * Double(index + 1) + 1e-12 })
            let states = policy.states(at: [place.time], to: .column(s), substeps: 6)[0]
            #expect(mismatch(place.state.evaluated(), states.evaluated(), within: rounding) == nil)
        }
    }
}
