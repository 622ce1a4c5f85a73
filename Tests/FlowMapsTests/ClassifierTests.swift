import Engine
import Foundation
import TestSupport
import Testing

@testable import FlowMaps

@Suite("The classifier of features") struct ClassifierTests {
    private func training(steps: Int) -> Classifier.Training {
        Classifier.Training(
            width: 64, features: 32, heldOut: 0.2, augmentation: Augmentation(kinds: [.shift], strength: 0.25),
            optimization: Optimization(
                steps: steps, batch: 64, rate: 0.003, warmUp: 0.05, decay: 0.5, clip: nil, average: 0.02))
    }

    @Test("it reads at least 97 % of held-out digits, after 400 steps")
    func accuracy() throws {
        let training = training(steps: 400)
        let (seen, heldOut) = try Dataset.digits().split(heldOut: training.heldOut)
        let trainer = training.trainer(on: TrainingData(seen), key: RandomKey(seed: 1))
        let images = Tensor(heldOut.samples, shape: [heldOut.count, heldOut.dimension])
        let accuracy = ClassAccuracy(labels: try #require(heldOut.labels), classCount: 10)
        #expect(accuracy(Tensor.computed([trainer.state.average(images).logits])[0]) < 0.3)
        try trainer.advance(to: 400)
        #expect(accuracy(Tensor.computed([trainer.state.average(images).logits])[0]) > 0.97)
    }

    @Test("its features are what the head reads, of the shape that is asked for")
    func shapes() {
        let classifier = Classifier(dimension: 6, width: 8, features: 4, classes: 3, key: RandomKey(seed: 2))
        let x = Tensor.normal([5, 6], key: RandomKey(seed: 3))
        let result = classifier(x)
        #expect(result.features.shape == [5, 4] && result.logits.shape == [5, 3])
        #expect(result.features.evaluated() == classifier.features(x).evaluated())
        #expect(classifier.parameterCount == 7 * 8 + 9 * 4 + 5 * 3)
    }

    @Test("its loss is the mean of −log of the label's softmax")
    func crossEntropy() {
        // Float64 rounding through exponentials and logarithms.
        let rounding = 1e-12
        let classifier = Classifier(dimension: 6, width: 8, features: 4, classes: 3, key: RandomKey(seed: 2))
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
}
