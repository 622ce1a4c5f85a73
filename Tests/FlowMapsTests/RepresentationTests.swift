import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Alignment with the features of clean samples") struct RepresentationTests {
    private let times = Frequencies(count: 4, lowest: 0.5, highest: 6)
    private static let image = ImageShape(channels: 1, height: 8, width: 8)

    private func classifier(_ channels: [Int]?) -> Classifier.Training {
        Classifier.Training(
            width: channels == nil ? 16 : nil, convolution: channels.map(Classifier.Training.Convolutions.init),
            features: 12, heldOut: 0.2, augmentation: Augmentation(kinds: [], strength: 0),
            optimization: Optimization(
                steps: 1, batch: 8, learningRate: 0.01, warmUp: 0, cooldown: 0, clip: nil, ema: .none))
    }

    private func alignment(
        weight: Double = 0.5, block: Int = 1, features: RepresentationAlignment.Features = .sample,
        channels: [Int]? = nil
    ) -> RepresentationAlignment {
        RepresentationAlignment(
            weight: weight, block: block, hidden: 24, features: features, classifier: classifier(channels))
    }

    private var sit: NetworkShape { .sit(patch: 2, width: 16, depth: 2, heads: 2, times: times) }
    private var mlp: NetworkShape { .mlp(width: 32, depth: 3, times: times) }

    private func training(
        _ network: NetworkShape, _ representation: RepresentationAlignment?
    ) -> TeacherTraining {
        TeacherTraining(
            network: network,
            optimization: Optimization(
                steps: 60, batch: 32, learningRate: 0.005, warmUp: 0, cooldown: 0, clip: nil, ema: .none),
            labelDropout: 0.1, times: .uniform(from: 0, to: 1), representation: representation)
    }

    private func data() throws -> TrainingData { TrainingData(try Dataset.digits()) }

    private func extractor(_ training: Classifier.Training) -> Classifier {
        training.build(dimension: 64, image: Self.image, classes: 10, key: RandomKey(seed: 3))
    }

    @Test("is the mean cosine over tokens: 1 along the features, −1 against them, whatever their lengths")
    func cosine() {
        let features = Tensor.normal([3, 4, 5], key: RandomKey(seed: 1))
        func value(_ projected: Tensor, _ features: Tensor) -> Double {
            RepresentationAlignment.alignment(projected, with: features).evaluated()[0]
        }
        #expect(abs(value(7 * features, features) - 1) < 1e-9 && abs(value(-features, features) + 1) < 1e-9)
        let halves = Tensor.concatenate([features.slice(0..<2, axis: 1), -features.slice(2..<4, axis: 1)], axis: 1)
        #expect(abs(value(halves, features)) < 1e-9)
        // The one token of a whole sample is that of each.
        let one = features.slice(0..<1, axis: 1)
        #expect(abs(value(one.broadcast(to: [3, 4, 5]), one) - 1) < 1e-9)
    }

    @Test("a hidden layer is told of on the way, and the velocity is as it was")
    func hidden() {
        let x = Tensor.normal([3, 64], key: RandomKey(seed: 1)), t = Tensor.uniform([3, 1], key: RandomKey(seed: 2))
        let given = Condition(labels: Tensor([0, 3, 10], shape: [3]))
        for (shape, hidden) in [(sit, Shape([3, 16, 16])), (mlp, Shape([3, 1, 32]))] {
            let network = shape.build(dimension: 64, image: Self.image, classes: 10, key: RandomKey(seed: 4))
                .mapParameters { $0 + 0.1 }
            for layer in 1...shape.depth {
                let pass = HiddenPass(network, layer: layer)
                let velocity = pass(x, at: t, given: given)
                #expect(pass.hidden?.shape == hidden)
                let plain = LearnedVelocity(network)(x, at: t, given: given)
                #expect(mismatch(Tensor.materialized([velocity]), Tensor.materialized([plain])) == nil)
            }
            let none = HiddenPass(network, layer: nil)
            _ = none(x, at: t, given: given)
            #expect(none.hidden == nil)
        }
    }

    @Test("features of patches are those of the convolution over as many places, in the order of the tokens")
    func patches() throws {
        let own = alignment(features: .patches, channels: [6, 9])
        let extractor = extractor(own.classifier)
        let samples = try data().samples.slice(0..<5)
        let found = own.target(samples, extractor, sit)
        #expect(found.shape == [5, 16, 6])
        // A dark patch far from a bright one: changing a corner pixel changes the corner's features alone.
        let corner = Tensor((0..<64).map { $0 == 0 ? 1 : 0 }, shape: [1, 64])
        let changed = own.target(samples + corner, extractor, sit) - found
        let sizes = Tensor.materialized([square(changed).sum([0, 2])])[0]
        #expect(sizes[0] > 0 && sizes.dropFirst().allSatisfy { $0 == 0 })
        #expect(
            own.target(samples, extractor, .sit(patch: 4, width: 16, depth: 2, heads: 2, times: times)).shape == [
                5, 4, 9,
            ])
        #expect(alignment().target(samples, self.extractor(classifier(nil)), mlp).shape == [5, 1, 12])
    }

    @Test("of weight 0 it leaves the network's training as it is")
    func weightless() throws {
        let data = try data()
        let plain = training(sit, nil).trainer(on: data, key: RandomKey(seed: 5))
        let own = alignment(weight: 0)
        let aligned = training(sit, own).trainer(
            on: data, extractor: extractor(own.classifier), key: RandomKey(seed: 5))
        try plain.advance(to: 5)
        try aligned.advance(to: 5)
        let found = Tensor.materialized(aligned.state.model.network.parameters).flatMap { $0 }.doubles
        let expected = Tensor.materialized(plain.state.model.network.parameters).flatMap { $0 }.doubles
        // The same sums, perhaps in another order.
        #expect(mismatch(found, expected, within: 1e-5) == nil)
        #expect(aligned.metrics == ["loss", "alignment", "gradientNorm"] && plain.metrics == ["loss", "gradientNorm"])
        #expect(plain.state.model.parameterNames == plain.state.model.network.parameterNames)
        #expect(aligned.state.model.parameterNames.contains("projection.layers.2.weight"))
    }

    @Test(
        "training raises it, at a hidden layer of either network, of either features",
        arguments: [false, true], [RepresentationAlignment.Features.sample, .patches])
    func trains(isTransformer: Bool, features: RepresentationAlignment.Features) throws {
        guard isTransformer || features == .sample else { return }
        let own = alignment(weight: 2, block: 2, features: features, channels: features == .patches ? [6] : nil)
        let trainer = training(isTransformer ? sit : mlp, own).trainer(
            on: try data(), extractor: extractor(own.classifier), key: RandomKey(seed: 5))
        try trainer.advance(to: 1)
        let first = trainer.measured
        try trainer.advance(to: 60)
        #expect(
            trainer.measured[1] > first[1] + 0.3 && trainer.measured[0] < first[0], "\(first) → \(trainer.measured)")
    }

    @Test("a layer, a grid or features that are not there are refused")
    func refused() {
        func message(_ body: () throws -> Void) -> String? {
            #expect(throws: Violation.self) { try body() }?.description
        }
        #expect(
            message { try training(sit, alignment(block: 3)).validate() }
                == "representation.block: found 3, allowed: from 1 to 2, the network's hidden layers")
        #expect(
            message { try alignment(features: .patches).validate() }
                == "features: found patches, allowed: sample, or a classifier of convolutions")
        #expect(
            message { try alignment(features: .patches, channels: [4]).validate(for: mlp, image: Self.image) }
                == "features: found patches, allowed: sample, as the network is over no patches")
        let coarse = NetworkShape.sit(patch: 4, width: 16, depth: 2, heads: 2, times: times)
        #expect(
            message { try alignment(features: .patches, channels: [4]).validate(for: coarse, image: Self.image) }
                == "features: found patches, of which there are 2 × 2, allowed: sample, or a convolution of so many places: "
                + "they have 4 × 4")
        #expect(message { try alignment(weight: -1).validate() } == "weight: found -1.0, allowed: at least 0.0")
    }
}
