import Tensors
import Foundation
import TestSupport
import Testing

@testable import FlowMaps

@Suite("The classifier of features") struct ClassifierTests {
    /// An untrained perceptron of 6 numbers, 8 units, 4 features and 3 classes.
    private var small: Classifier {
        let good = training(steps: 1)
        return Classifier.Training(
            width: 8, features: 4, heldOut: 0.2, augmentation: good.augmentation, optimization: good.optimization
        ).build(dimension: 6, image: nil, classes: 3, key: RandomKey(seed: 2))
    }

    private func training(steps: Int) -> Classifier.Training {
        Classifier.Training(
            width: 64, features: 32, heldOut: 0.2, augmentation: Augmentation(kinds: [.shift], strength: 0.25),
            optimization: Optimization(
                steps: steps, batch: 64, learningRate: 0.003, warmUp: 0.05, cooldown: 0.5, clip: nil,
                ema: .halfLife(0.02)))
    }

    @Test("it reads at least 97 % of held-out digits, after 400 steps")
    func accuracy() throws {
        let training = training(steps: 400)
        let (seen, heldOut) = try Dataset.digits().split(heldOut: training.heldOut)
        let trainer = training.trainer(on: TrainingData(seen), key: RandomKey(seed: 1))
        let images = Tensor(heldOut.samples, shape: [heldOut.count, heldOut.dimension])
        let accuracy = ClassAccuracy(labels: try #require(heldOut.labels), classCount: 10)
        #expect(accuracy(Tensor.materialized([trainer.state.average(images).logits])[0]) < 0.3)
        try trainer.advance(to: 400)
        #expect(accuracy(Tensor.materialized([trainer.state.average(images).logits])[0]) > 0.97)
    }

    @Test("its features are what the head reads, of the shape that is asked for")
    func shapes() {
        let classifier = small
        let x = Tensor.normal([5, 6], key: RandomKey(seed: 3))
        let result = classifier(x)
        #expect(result.features.shape == [5, 4] && result.logits.shape == [5, 3])
        #expect(mismatch(result.features.evaluated(), classifier.features(x).evaluated()) == nil)
        #expect(classifier.parameterCount == 7 * 8 + 9 * 4 + 5 * 3)
    }

    @Test("its loss is the mean of −log of the label's softmax")
    func crossEntropy() {
        // Float64 rounding through exponentials and logarithms.
        let rounding = 1e-12
        let classifier = small
        let x = Tensor.normal([4, 6], key: RandomKey(seed: 3)), labels = [2, 0, 1, 1]
        let logits = classifier(x).logits.evaluated()
        let losses = labels.indices.map { row -> Double in
            let own = Array(logits[3 * row..<3 * row + 3])
            let sum = own.reduce(0.0) { $0 + Foundation.exp($1) }
            return Foundation.log(sum) - own[labels[row]]
        }
        let expected = losses.reduce(0, +) / 4
        let found = classifier.crossEntropy(x, labels: Tensor(labels.map(Float.init), shape: [4])).evaluated()[0]
        #expect(abs(found - expected) < rounding)
    }

    @Test(
        "a classifier without units, or with nothing held out, is refused",
        arguments: [
            (0, 4, 0.2, "width: found 0, allowed: at least 1"), (4, 0, 0.2, "features: found 0, allowed: at least 1"),
            (4, 4, 0, "heldOut: found 0.0, allowed: more than 0 and less than 1"),
            (4, 4, 1, "heldOut: found 1.0, allowed: more than 0 and less than 1"),
        ] as [(Int, Int, Double, String)])
    func refused(width: Int, features: Int, heldOut: Double, message: String) {
        let good = training(steps: 1)
        let bad = Classifier.Training(
            width: width, features: features, heldOut: heldOut, augmentation: good.augmentation,
            optimization: good.optimization)
        #expect(#expect(throws: Violation.self) { try bad.validate() }?.description == message)
        #expect(throws: Never.self) { try good.validate() }
    }

    @Test("samples are read some at a time as they are all at once")
    func reading() {
        // Products of other shapes add in another order: float32 rounding.
        let rounding: Float = 1e-5
        let x = RandomKey(seed: 5).normal(count: 2300 * 6)
        let read = small.reading(x, dimension: 6), whole = small(Tensor(x, shape: [2300, 6]))
        let expected = Tensor.materialized([whole.features, whole.logits])
        #expect(read.features.count == 2300 * 4 && read.logits.count == 2300 * 3)
        #expect(zip(read.features, expected[0]).allSatisfy { abs($0 - $1) < rounding })
        #expect(zip(read.logits, expected[1]).allSatisfy { abs($0 - $1) < rounding })
    }

    @Test("a classifier is a perceptron or convolutions, and one below its least accuracy is refused")
    func choice() {
        let good = training(steps: 1)
        func made(_ width: Int?, _ channels: [Int]?, _ accuracy: Double? = nil) -> Classifier.Training {
            Classifier.Training(
                width: width, convolution: channels.map { .init(channels: $0) }, features: 4, heldOut: 0.2,
                accuracy: accuracy, augmentation: good.augmentation, optimization: good.optimization)
        }
        func message(_ body: () throws -> Void) -> String? {
            #expect(throws: Violation.self) { try body() }?.description
        }
        #expect(
            message { try made(nil, nil).validate() }
                == "found neither, allowed: either width, of a perceptron, or convolution")
        #expect(
            message { try made(4, [4]).validate() }
                == "found both, allowed: either width, of a perceptron, or convolution")
        #expect(
            message { try made(nil, []).convolution!.validate() }
                == "channels: found nothing, allowed: at least one entry")
        #expect(
            message { try made(nil, [4, 0]).convolution!.validate() }
                == "channels: found 0, allowed: at least 1")
        #expect(message { try made(4, nil, 1.5).validate() } == "accuracy: found 1.5, allowed: from 0 to 1")
        #expect(
            message { try made(4, nil, 0.97).check(accuracy: 0.9, samples: 360) }
                == "evaluation.features.classifier.accuracy: found 0.9 on 360 held-out samples, allowed: at least 0.97")
        #expect(throws: Never.self) { try made(4, nil, 0.97).check(accuracy: 0.97, samples: 360) }
        #expect(throws: Never.self) { try made(4, nil).check(accuracy: 0, samples: 360) }
    }
}
