import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Networks that give a policy") struct PolicyHeadTests {
    /// Float64 rounding through a network.
    private let rounding = 1e-12
    private let key = RandomKey(seed: 31)
    private static let image = ImageShape(channels: 2, height: 4, width: 4)

    private static let times = Frequencies(count: 2, lowest: 1, highest: 3)
    static let shapes: [NetworkShape] = [
        .mlp(width: 6, depth: 3, times: times), .sit(patch: 2, width: 8, depth: 3, heads: 2, times: times),
        .sit(
            SiTShape(
                extent: .free(patch: 2, width: 8, depth: 2, heads: 2), times: times, outputs: .velocityAndVariance)),
    ]
    static let heads: [Head] = [
        .mixture(components: 3, over: .pixel, substeps: 4), .mixture(components: 3, over: .sample, substeps: 4),
        .grid(points: 3, substeps: 4),
    ]

    private func teacher(_ shape: NetworkShape) -> Network {
        let network = shape.build(dimension: 32, image: Self.image, classes: 0, key: key)
        var index = 0
        return network.mapParameters {
            index += 1
            return $0 + 0.3 * Tensor.normal($0.shape, key: key.folding("scattered").folding(index))
        }
    }

    private let x = Tensor.normal([5, 32], key: RandomKey(seed: 8))
    private let t = Tensor.column([1, 0.8, 0.5, 0.3, 0.9]), s = Tensor.column([0, 0.3, 0, 0.25, 0.4])

    @Test("begin with the teacher's velocity at the state that they see", arguments: shapes, heads)
    func start(shape: NetworkShape, head: Head) {
        let teacher = teacher(shape)
        let student = teacher.formed(MapForm(head: head), isGuided: false, image: Self.image, key: key)
        #expect(student.head == head && student.isMap && !teacher.isMap)
        let policy = LearnedFlowMap(student).policy(x, from: t, to: s, given: .none)
        let velocity = teacher(x, time: t, duration: nil, .none).evaluated()
        #expect(mismatch(policy(x, at: t).evaluated(), velocity, within: rounding) == nil)
        // One step of Euler's method in all is the map that a velocity would be.
        #expect(mismatch(policy.averageVelocity(to: s, substeps: 1).evaluated(), velocity, within: rounding) == nil)
        #expect(LearnedFlowMap(student).averageVelocity(x, from: t, to: s, given: .none).shape == x.shape)
    }

    @Test("have mixtures of each pixel's channels, or one of the whole sample")
    func locations() {
        let teacher = teacher(Self.shapes[0])
        // Moves one number of the state; the policy's numbers that follow are those of its location.
        func moved(_ location: Head.Location) -> Set<Int> {
            let head = Head.mixture(components: 3, over: location, substeps: 1)
            let student = teacher.with(head, image: Self.image, key: key)
            let policy = student.policy(x, from: t, to: s, given: .none)
            let away = Tensor((0..<32).map { $0 == 5 ? 1 : 0 }, shape: [1, 32])
            let a = Tensor(0.2).broadcast(to: [5, 1])
            let found = (policy(x + away, at: a) - policy(x, at: a)).evaluated()
            return Set((0..<32).filter { abs(found[$0]) > rounding })
        }
        // Channels lie 16 numbers apart.
        #expect(moved(.pixel) == [5, 21])
        #expect(moved(.sample) == Set(0..<32))
    }

    @Test("are sampled with as many evaluations of the network as there are steps, whatever the policy takes")
    func evaluations() {
        var calls = 0
        let map = ExactPolicyMap(mixture: .threeModes, substeps: 16, told: { calls += 1 })
        let noise = Tensor(RandomKey(seed: 2).normal(count: 8), shape: [4, 2])
        for evaluations in [1, 2, 4, 8] {
            calls = 0
            _ = MapSampling.map(map, noise: noise, given: .none, steps: evaluations, key: key)
            #expect(calls == evaluations)
        }
    }

    @Test("of an exact policy sample its distribution, in one evaluation as in several")
    func distribution() {
        let mixture = GaussianMixture(means: [[1.5], [-0.5]], weights: [0.25, 0.75], deviation: 0.5)
        let noise = Tensor.normal([4096, 1], key: RandomKey(seed: 21))
        for evaluations in [1, 4] {
            let samples = MapSampling.map(
                ExactPolicyMap(mixture: mixture), noise: noise, given: .none, steps: evaluations, key: key)
            let found = moments(Tensor.materialized([samples])[0])
            // The mean is 0, the variance ¼ + 0.75; four standard errors of 4096 samples, and the error of Euler's steps.
            #expect(abs(found.mean) < 0.07 && abs(found.deviation - 1) < 0.07)
        }
    }
}
