import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Decoupled networks") struct DecoupledTests {
    /// Float64 rounding through a network.
    private let rounding = 1e-12
    private let key = RandomKey(seed: 17)
    private static let image = ImageShape(channels: 1, height: 4, width: 4)
    private static let times = Frequencies(count: 2, lowest: 1, highest: 3)
    static let shapes: [NetworkShape] = [
        .mlp(width: 6, depth: 4, times: times), .sit(patch: 2, width: 8, depth: 4, heads: 2, times: times),
    ]

    private let x = Tensor.normal([3, 16], key: RandomKey(seed: 8))
    private let t = Tensor.column([1, 0.8, 0.5]), s = Tensor.column([0.25, 0, 0.375])

    private func scattered(_ network: Network) -> Network {
        var index = 0
        return network.mapParameters {
            index += 1
            return $0 + 0.3 * Tensor.normal($0.shape, key: key.folding(index))
        }
    }

    private func teacher(_ shape: NetworkShape) -> Network {
        scattered(shape.build(dimension: 16, image: Self.image, classes: 2, key: key))
    }

    private let condition = Condition(labels: Tensor([0, 1, 1], shape: [3]))

    private func velocity(_ network: Network, _ t: Tensor, _ s: Tensor) -> [Double] {
        LearnedFlowMap(network).averageVelocity(x, from: t, to: s, given: condition).evaluated()
    }

    @Test("begin as the teacher where a step has no length, a perceptron at every length", arguments: shapes)
    func start(shape: NetworkShape) {
        let teacher = teacher(shape)
        let student = teacher.formed(
            MapForm(conditioning: .decoupled(early: 0.5)), isGuided: false, image: Self.image, key: key)
        let expected = teacher(x, time: t, duration: nil, condition).evaluated()
        #expect(mismatch(velocity(student, t, t), expected, within: rounding) == nil)
        let isPerceptron = if case .mlp = shape { true } else { false }
        #expect((relativeDifference(velocity(student, t, s), expected) < rounding) == isPerceptron)
        // A transformer needs no weight more.
        #expect((student.parameterCount == teacher.parameterCount) != isPerceptron)
        #expect(student.embeddedScalars.isEmpty && student.isMap)
    }

    /// The network with the tensors of some names set to 0.
    private func without(_ network: Network, _ isLeftOut: (String) -> Bool) -> Network {
        network.replacingParameters(
            zip(network.parameterNames, network.parameters).map { isLeftOut($0) ? .zeros($1.shape) : $1 })
    }

    @Test("see t in the first half of the blocks alone, and s in the others and at the end")
    func halves() {
        let student = scattered(
            teacher(Self.shapes[1]).formed(
                MapForm(conditioning: .decoupled(early: 0.5)), isGuided: false, image: Self.image, key: key))
        // Without its modulation a block passes on what it gets.
        let late = without(student) { $0.hasPrefix("blocks.0.modul") || $0.hasPrefix("blocks.1.modul") }
        #expect(mismatch(velocity(late, t, s), velocity(late, t - 0.1, s), within: rounding) == nil)
        #expect(relativeDifference(velocity(late, t, s), velocity(late, t, s + 0.1)) > 1e-3)
        let early = without(student) {
            $0.hasPrefix("blocks.2.modul") || $0.hasPrefix("blocks.3.modul") || $0.hasPrefix("modulation")
        }
        #expect(mismatch(velocity(early, t, s), velocity(early, t, s + 0.1), within: rounding) == nil)
        #expect(relativeDifference(velocity(early, t, s), velocity(early, t - 0.1, s)) > 1e-3)
    }

    @Test("of layers, see t in the first and s in the first late one")
    func layers() {
        let student = scattered(
            teacher(Self.shapes[0]).formed(
                MapForm(conditioning: .decoupled(early: 0.5)), isGuided: false, image: Self.image, key: key))
        let late = without(student) { $0.hasPrefix("time") }
        #expect(mismatch(velocity(late, t, s), velocity(late, t - 0.1, s), within: rounding) == nil)
        #expect(relativeDifference(velocity(late, t, s), velocity(late, t, s + 0.1)) > 1e-3)
        let early = without(student) { $0.hasPrefix("target.second") }
        #expect(mismatch(velocity(early, t, s), velocity(early, t, s + 0.1), within: rounding) == nil)
        #expect(relativeDifference(velocity(early, t, s), velocity(early, t - 0.1, s)) > 1e-3)
    }

    @Test("need a layer on each side")
    func depths() throws {
        let form = MapForm(conditioning: .decoupled(early: 0.7))
        #expect(throws: Never.self) { try form.validate(for: .mlp(width: 4, depth: 2, times: Self.times)) }
        #expect {
            try form.validate(for: .mlp(width: 4, depth: 1, times: Self.times))
        } throws: {
            "\($0)" == "conditioning.decoupled.early: found 0.7 of 1 layers, allowed: "
                + "a share that leaves one layer at least on each side, of two or more"
        }
    }
}
