import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Convolutions") struct ConvolutionTests {
    /// Sums of a few dozen products of order one in float64, from numbers of float32.
    private let rounding = 1e-9

    @Test(
        "a convolution is the sum over windows of 3 × 3, every second pixel, zero outside",
        arguments: [(1, 4, 4), (3, 5, 4), (2, 7, 3)])
    func definition(channels: Int, height: Int, width: Int) {
        let image = ImageShape(channels: channels, height: height, width: width), rows = 2, outputs = 5
        let layer = Convolution(image, outputs: outputs, key: RandomKey(seed: 1))
        let x = Tensor.normal([height * width, rows, channels], key: RandomKey(seed: 2))
        let found = layer(x).evaluated(), given = x.evaluated(), weights = layer.linear.weight.evaluated()
        let (down, across) = ((height + 1) / 2, (width + 1) / 2)
        #expect(layer.output == ImageShape(channels: outputs, height: down, width: across))
        #expect(layer(x).shape == [down * across, rows, outputs])
        for index in found.indices {
            let output = index % outputs, row = index / outputs % rows, pixel = index / (outputs * rows)
            var sum = 0.0
            for place in 0..<9 {
                let y = 2 * (pixel / across) + place / 3 - 1, column = 2 * (pixel % across) + place % 3 - 1
                guard (0..<height).contains(y), (0..<width).contains(column) else { continue }
                for channel in 0..<channels {
                    sum +=
                        given[((y * width + column) * rows + row) * channels + channel]
                        * weights[(place * channels + channel) * outputs + output]
                }
            }
            #expect(abs(found[index] - sum) < rounding)
        }
    }

    @Test("each sample's features are its own, and pixels come channel by channel")
    func rows() {
        // Float32 rounding of a forward pass on numbers of order one.
        let rounding: Float = 1e-5
        let classifier = training.build(
            dimension: 2 * 6 * 6, image: ImageShape(channels: 2, height: 6, width: 6), classes: 3,
            key: RandomKey(seed: 3))
        let samples = RandomKey(seed: 4).normal(count: 4 * 72)
        let all = classifier.reading(samples, dimension: 72).features
        #expect(all.count == 4 * 12)
        for row in 0..<4 {
            let own = classifier.reading(Array(samples[row * 72..<(row + 1) * 72]), dimension: 72).features
            #expect(zip(own, all[row * 12..<(row + 1) * 12]).allSatisfy { abs($0 - $1) < rounding })
        }
        #expect(classifier.parameterCount == (18 + 1) * 8 + (72 + 1) * 16 + (2 * 2 * 16 + 1) * 12 + 13 * 3)
        #expect(classifier.parameterNames.first == "convolutions.0.weight")
    }

    private var training: Classifier.Training {
        Classifier.Training(
            convolution: .init(channels: [8, 16]), features: 12, heldOut: 0.2,
            augmentation: Augmentation(kinds: [.shift], strength: 0.25),
            optimization: Optimization(
                steps: 300, batch: 64, learningRate: 0.004, warmUp: 0.05, cooldown: 0.5, clip: nil, ema: .halfLife(0.02)
            ))
    }

    @Test("a small one reads at least 95 % of held-out digits after 300 steps")
    func accuracy() throws {
        let (seen, heldOut) = try Dataset.digits().split(heldOut: training.heldOut)
        let trainer = training.trainer(on: TrainingData(seen), key: RandomKey(seed: 1))
        try trainer.advance(to: 300)
        let accuracy = ClassAccuracy(labels: try #require(heldOut.labels), classCount: 10)
        #expect(accuracy(trainer.state.average.reading(heldOut.samples, dimension: 64).logits) > 0.95)
    }
}
