import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Networks") struct NetworkTests {
    private let times = Frequencies(count: 3, lowest: 0.5, highest: 5)
    private let x = Tensor.normal([6, 2], key: RandomKey(seed: 5))
    private let t = Tensor([0, 0.25, 0.5, 0.75, 1, 1], shape: [6, 1])
    private let s = Tensor([0, 0, 0.25, 0.75, 0, 1], shape: [6, 1])
    private let condition = Condition(labels: Tensor([0, 1, 2, 3, 1, 0], shape: [6]))

    private func teacher(classes: Int) -> Network {
        NetworkShape.mlp(width: 16, depth: 3, times: times)
            .build(dimension: 2, classes: classes, key: RandomKey(seed: 4))
    }

    @Test("a student begins as its teacher, F(x, t, s) = u(x, t) exactly for every duration", arguments: [0, 3])
    func studentStart(classes: Int) {
        let teacher = teacher(classes: classes)
        let student = LearnedFlowMap(teacher.withDuration(key: RandomKey(seed: 9)))
        let condition = classes > 0 ? condition : .none
        let velocity = LearnedVelocity(teacher)(x, at: t, given: condition)
        let mean = student.averageVelocity(x, from: t, to: s, given: condition)
        #expect(mismatch(mean.evaluated(), velocity.evaluated()) == nil)
        #expect(mismatch(Tensor.materialized([mean]), Tensor.materialized([velocity])) == nil)
    }

    @Test("the duration counts once the embedder's last layer is not zero")
    func durationCounts() {
        let network = teacher(classes: 0).withDuration(key: RandomKey(seed: 9)).mapParameters { $0 + 0.1 }
        let student = LearnedFlowMap(network)
        let first = student.averageVelocity(x, from: t, to: t, given: .none).evaluated()
        let second = student.averageVelocity(x, from: t, to: s, given: .none).evaluated()
        #expect(mismatch(first[6..<8], second[6..<8]) == nil)
        #expect(mismatch(first[10...], second[10...]) == nil)
        #expect(abs(first[2] - second[2]) > 1e-3 && abs(first[8] - second[8]) > 1e-3)
    }

    @Test("a learned map asks its network at t, for the duration t − s")
    func duration() {
        let network = teacher(classes: 0).withDuration(key: RandomKey(seed: 9)).mapParameters { $0 + 0.1 }
        let found = LearnedFlowMap(network).averageVelocity(x, from: t, to: s, given: .none)
        let lengths = Tensor([0, 0.25, 0.25, 0, 1, 0], shape: [6, 1])
        #expect(mismatch(found.evaluated(), network(x, time: t, duration: lengths, .none).evaluated()) == nil)
    }

    @Test("the embedder's last layer begins at zero, its first does not")
    func embedderStart() throws {
        let student = teacher(classes: 3).withDuration(key: RandomKey(seed: 9))
        let values = Tensor.materialized(student.parameters)
        for (name, values) in zip(student.parameterNames, values) where name.hasPrefix("duration") {
            #expect(values.allSatisfy { $0 == 0 } == (name != "duration.first.weight"), "\(name)")
        }
        #expect(student.parameterNames.count { $0.hasPrefix("duration") } == 4)
    }

    @Test(
        "the number of parameters is that of the layers",
        arguments: [(1, 0), (1, 4), (2, 0), (4, 4)])
    func parameterCount(depth: Int, classes: Int) {
        let (width, dimension, features) = (16, 5, 2 * 3)
        let network = NetworkShape.mlp(width: width, depth: depth, times: times)
            .build(dimension: dimension, classes: classes, key: RandomKey(seed: 1))
        func linear(_ inputs: Int, _ outputs: Int) -> Int { (inputs + 1) * outputs }
        let label = classes > 0 ? (classes + 1) * width : 0
        let expected =
            linear(dimension, width) + linear(features, width) + label + (depth - 1) * linear(width, width)
            + linear(width, dimension)
        #expect(network.parameterCount == expected)
        let embedder = linear(features, width) + linear(width, width)
        #expect(network.withDuration(key: RandomKey(seed: 2)).parameterCount == expected + embedder)
    }

    @Test("without a class the velocity is that of the label after the last")
    func unconditional() {
        let field = LearnedVelocity(teacher(classes: 4))
        let none = Condition(labels: Tensor([4, 4, 4, 4, 4, 4], shape: [6]))
        #expect(mismatch(field.unconditional(x, at: t).evaluated(), field(x, at: t, given: none).evaluated()) == nil)
        #expect(
            mismatch(field.unconditional(x, at: t).evaluated(), field(x, at: t, given: condition).evaluated()) != nil)
        let plain = LearnedVelocity(teacher(classes: 0))
        #expect(mismatch(plain.unconditional(x, at: t).evaluated(), plain(x, at: t, given: .none).evaluated()) == nil)
    }

    @Test("weights are a function of the key")
    func keys() {
        func weights(_ seed: UInt64) -> [[Float]] {
            Tensor.materialized(
                NetworkShape.mlp(width: 4, depth: 2, times: times)
                    .build(dimension: 2, classes: 0, key: RandomKey(seed: seed)).parameters)
        }
        #expect(mismatch(weights(1), weights(1)) == nil)
        #expect(mismatch(weights(1), weights(2)) != nil)
    }

    @Test("a shape without units, layers or frequencies is refused")
    func refused() {
        func message(_ value: some Validated) -> String? {
            #expect(throws: Violation.self) { try value.validate() }?.description
        }
        #expect(
            message(NetworkShape.mlp(width: 0, depth: 1, times: times)) == "mlp.width: found 0, allowed: at least 1")
        #expect(
            message(NetworkShape.mlp(width: 4, depth: 0, times: times)) == "mlp.depth: found 0, allowed: at least 1")
        #expect(message(Frequencies(count: 0, lowest: 1, highest: 2)) == "count: found 0, allowed: at least 1")
        #expect(message(Frequencies(count: 1, lowest: 0, highest: 2)) == "lowest: found 0.0, allowed: more than 0")
        #expect(message(Frequencies(count: 1, lowest: 3, highest: 2)) == "highest: found 2.0, allowed: at least 3.0")
    }
}
