import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Magnitude-preserving layers") struct MagnitudePreservingTests {
    private static let rows = 512, width = 64
    private let times = Frequencies(count: 8, lowest: 0.5, highest: 6)
    private let x = Tensor.normal(
        [MagnitudePreservingTests.rows, MagnitudePreservingTests.width], key: RandomKey(seed: 1))
    private let t = Tensor.uniform([MagnitudePreservingTests.rows, 1], key: RandomKey(seed: 2))
    private let image = ImageShape(channels: 2, height: 8, width: 8)

    private func magnitude(_ tensor: Tensor) -> Double {
        let values = Tensor.materialized([tensor])[0].doubles
        return (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
    }

    private var labels: Tensor { .integers(below: 4, [Self.rows], key: RandomKey(seed: 7)) }

    @Test("each part keeps variance 1 in expectation")
    func parts() {
        // Standard errors of a root mean square over 512 × 64 nearly independent numbers: 1 / √65536, and of the weights' draw as much.
        let tolerance = 0.02
        let y = Tensor.normal(x.shape, key: RandomKey(seed: 3))
        let linear = UnitLinear(inputs: Self.width, outputs: 96, key: RandomKey(seed: 4))
        #expect(abs(magnitude(linear(x)) - 1) < tolerance)
        #expect(abs(magnitude(MagnitudePreserving.silu(x)) - 1) < tolerance)
        for share in [0.3, 0.5] { #expect(abs(magnitude(MagnitudePreserving.sum(x, y, share: share)) - 1) < tolerance) }
        #expect(abs(magnitude(MagnitudePreserving.features(times.features, t)) - 1) < 1e-6)
        let rows = UnitLinear(inputs: 5, outputs: 4096, key: RandomKey(seed: 5))
        // Over all rows the mean square is exactly 1, for every column has length 1.
        #expect(abs(magnitude(rows.row(Tensor([0, 1, 2, 3, 4], shape: [5]))) - 1) < 1e-5)
        #expect(abs(magnitude(MagnitudePreserving.normalised(7 * x)) - 1) < 1e-5)
    }

    @Test("a weight's length does not matter, and training sets it back")
    func lengths() {
        var linear = UnitLinear(inputs: Self.width, outputs: 96, key: RandomKey(seed: 4))
        let before = linear(x)
        linear.direction = 3 * linear.direction
        // Float32 rounding of a sum of 64 products.
        #expect(
            mismatch(
                Tensor.materialized([linear(x)])[0].doubles, Tensor.materialized([before])[0].doubles, within: 1e-5)
                == nil
        )
        linear.normaliseDirections()
        let lengths = Tensor.materialized([sqrt(square(linear.direction).sum([0]))])[0]
        #expect(lengths.allSatisfy { abs($0 - 8) < 1e-4 })
        #expect(magnitude(linear.direction) < 1.0001)
    }

    /// A network whose gains are 1 in place of 0 for the last one, so that something comes out.
    private func live(_ shape: NetworkShape, classes: Int) -> Network {
        let network = shape.build(
            dimension: shape.patch == nil ? Self.width : 128, image: image, classes: classes, key: RandomKey(seed: 6))
        let names = network.parameterNames
        return network.replacingParameters(
            zip(names, network.parameters).map { $0 == "gain" ? .ones([]) : $1 })
    }

    @Test("a new network keeps it through all of its layers, and is 0 everywhere until its gain is learned")
    func networks() {
        let shapes: [NetworkShape] = [
            .mpMLP(width: Self.width, depth: 4, times: times),
            .mpSiT(.init(extent: .free(patch: 2, width: 64, depth: 4, heads: 4), times: times)),
        ]
        for shape in shapes {
            let network = live(shape, classes: 4), dimension = shape.patch == nil ? Self.width : 128
            let x = Tensor.normal([Self.rows, dimension], key: RandomKey(seed: 8))
            var hidden: [Double] = []
            let out = network(x, time: t, duration: nil, Condition(labels: labels)) { layer, h in
                #expect(layer == hidden.count + 1)
                hidden.append(magnitude(h))
            }
            #expect(hidden.count == 4)
            // Attention averages over its sixteen tokens: at worst nothing is left of its share of 0.3, and the sum is
            // 0.7 / √0.58 = 0.92 of what it was, of which the perceptron gives some back; the next block begins at 1 again.
            let tolerance = shape.patch == nil ? 0.05 : 0.12
            #expect((hidden + [magnitude(out)]).allSatisfy { abs($0 - 1) < tolerance }, "\(hidden), \(magnitude(out))")
            let new = shape.build(dimension: dimension, image: image, classes: 4, key: RandomKey(seed: 6))
            let velocity = LearnedVelocity(new)(x, at: t, given: Condition(labels: labels))
            #expect(Tensor.materialized([velocity])[0].allSatisfy { $0 == 0 })
        }
    }

    @Test("a student begins as its teacher, told durations and scales")
    func studentStart() {
        for shape in [
            NetworkShape.mpMLP(width: 16, depth: 2, times: times),
            .mpSiT(.init(extent: .free(patch: 4, width: 16, depth: 2, heads: 2), times: times)),
            .preconditioned(sigmaData: 0.5, network: .mpMLP(width: 16, depth: 2, times: times)),
        ] {
            let teacher = live(shape, classes: 4),
                x = Tensor.normal([8, shape.patch == nil ? 64 : 128], key: RandomKey(seed: 8))
            let t = Tensor.uniform([8, 1], key: RandomKey(seed: 2))
            let student = teacher.embedding([.duration, .guidance], key: RandomKey(seed: 9))
            #expect(student.embeddedScalars == [.duration, .guidance] && student.classes == 4)
            let given = Condition(
                labels: .integers(below: 4, [8], key: RandomKey(seed: 7)), guidance: 3 * .ones([8, 1]))
            let found = student(x, time: t, duration: 0.5 * t, given),
                expected = teacher(x, time: t, duration: nil, given)
            #expect(mismatch(Tensor.materialized([found]), Tensor.materialized([expected])) == nil)
            #expect(teacher.parameterCount < student.parameterCount)
        }
    }

    @Test("a training keeps the lengths of the weights, step by step, and learns")
    func training() throws {
        let data = TrainingData(PlanarSet.eightGaussians.dataset(count: 400, key: RandomKey(seed: 1)).unlabelled)
        let training = TeacherTraining(
            network: .preconditioned(sigmaData: 1, network: .mpMLP(width: 32, depth: 2, times: times)),
            optimization: Optimization(
                steps: 300, batch: 128, learningRate: 0.02, warmUp: 0, cooldown: 0.5, clip: nil,
                ema: .power(sigmaRel: 0.1)),
            labelDropout: 0, times: .logitNormal(location: -0.4, scale: 1.2),
            weighting: .uncertainty(sigmaData: 1, times: times))
        let trainer = training.trainer(on: data, key: RandomKey(seed: 2))
        try trainer.advance(to: 1)
        let first = trainer.measured[0]
        try trainer.advance(to: 300)
        for (name, tensor) in zip(trainer.state.model.parameterNames, trainer.state.model.parameters)
        where name.hasSuffix("direction") {
            let mean = magnitude(tensor)
            #expect(abs(mean - 1) < 1e-4, "\(name): \(mean)")
        }
        #expect(trainer.measured[0] < first - 0.2, "\(first) → \(trainer.measured[0])")
    }

    @Test("adapters of low rank go over directions as over weights")
    func adapters() {
        let network = NetworkShape.mpMLP(width: 16, depth: 1, times: times).build(
            dimension: 2, classes: 0, key: RandomKey(seed: 1))
        let adapted = LowRankAdaptation(network, LowRankAdapters(rank: 2), key: RandomKey(seed: 2))
        // Of input, time, the block's two and its modulation, output.
        #expect(adapted.adapters.count == 6)
    }
}
