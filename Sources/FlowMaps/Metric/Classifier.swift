import Tensors

/// A small classifier trained on the data set, whose hidden features are what samples are compared by.
public struct Classifier: Module, Sendable {
    /// What comes before the layer of features.
    enum Trunk: Module, Sendable {
        /// One hidden layer over all numbers of a sample.
        case perceptron(Linear)
        case convolutions([Convolution])

        mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
            switch self {
            case .perceptron(var first):
                first.visitParameters(under: "first", visit)
                self = .perceptron(first)
            case .convolutions(var layers):
                layers.visitParameters(under: "convolutions", visit)
                self = .convolutions(layers)
            }
        }
    }

    var trunk: Trunk
    var second: Linear
    var head: Linear

    init(_ training: Training, dimension: Int, image: ImageShape?, classes: Int, key: RandomKey) {
        let (trunk, width) = Self.trunk(training, dimension: dimension, image: image, key: key)
        self.trunk = trunk
        second = Linear(inputs: width, outputs: training.features, key: key.folding("second"))
        head = Linear(inputs: training.features, outputs: classes, key: key.folding("head"))
    }

    /// The trunk, and how many numbers come out of it.
    private static func trunk(
        _ training: Training, dimension: Int, image: ImageShape?, key: RandomKey
    ) -> (Trunk, width: Int) {
        guard let convolution = training.convolution else {
            let width = training.width!
            return (.perceptron(Linear(inputs: dimension, outputs: width, key: key.folding("first"))), width)
        }
        guard var image else { preconditionFailure("convolutions are for images") }
        var layers: [Convolution] = []
        for (index, channels) in convolution.channels.enumerated() {
            layers.append(
                Convolution(image, outputs: channels, key: key.folding("convolutions").folding(index)))
            image = layers[index].output
        }
        return (.convolutions(layers), image.channels * image.height * image.width)
    }

    /// What its convolutions are over; nil of a perceptron.
    var image: ImageShape? { if case .convolutions(let layers) = trunk { layers[0].image } else { nil } }

    /// The activations of a convolution, from 0, place by place: [n, d] → [n, places, channels].
    func places(_ x: Tensor, layer: Int) -> Tensor {
        guard case .convolutions(let layers) = trunk else { preconditionFailure("a perceptron has no places") }
        let (rows, image) = (x.shape[0], layers[0].image)
        let start = x.reshaped(to: [rows, image.channels, image.height * image.width]).transposed([2, 0, 1])
        return layers[...layer].reduce(start) { silu($1($0)) }.transposed([1, 0, 2])
    }

    /// [n, d] → [n, features].
    public func features(_ x: Tensor) -> Tensor {
        switch trunk {
        case .perceptron(let first): return silu(second(silu(first(x))))
        case .convolutions(let layers):
            let (rows, image) = (x.shape[0], layers[0].image)
            let pixels = image.height * image.width
            let start = x.reshaped(to: [rows, image.channels, pixels]).transposed([2, 0, 1])
            let end = layers.reduce(start) { silu($1($0)) }.transposed([1, 0, 2])
            return silu(second(end.reshaped(to: [rows, end.shape.count / rows])))
        }
    }

    /// [n, d] → features [n, f] and logits [n, classes].
    public func callAsFunction(_ x: Tensor) -> (features: Tensor, logits: Tensor) {
        let features = features(x)
        return (features, head(features))
    }

    /// What it makes of samples `[count × dimension]`, row-major: features `[count × features]` and logits
    /// `[count × classes]`.
    ///
    /// Some rows at a time: the windows of convolutions are several times as large as the images.
    public func reading(
        _ samples: [Float], dimension: Int, on backend: any Backend
    ) throws -> (features: [Float], logits: [Float]) {
        precondition(
            samples.count.isMultiple(of: dimension),
            "samples of dimension \(dimension), given \(samples.count) numbers")
        var (features, logits): ([Float], [Float]) = ([], [])
        let size = Self.rowsAtATime * dimension
        for start in Swift.stride(from: 0, to: samples.count, by: size) {
            let part = samples[start..<min(start + size, samples.count)]
            let read = self(Tensor(part, shape: [part.count / dimension, dimension]))
            let values = try Tensor.materialized([read.features, read.logits], on: backend)
            features += values[0]
            logits += values[1]
        }
        return (features, logits)
    }

    private static let rowsAtATime = 1000

    /// The number of classes.
    public var classCount: Int { head.bias.shape[0] }

    /// The numbers of a sample's features.
    public var featureCount: Int { second.bias.shape[0] }

    /// The mean of −log p(label), a scalar.
    func crossEntropy(_ x: Tensor, labels: Tensor) -> Tensor {
        let logits = self(x).logits
        let classes = logits.shape[1]
        let places = Tensor((0..<classes).map(Float.init), shape: [1, classes])
        let chosen = (equal(labels.reshaped(to: [labels.shape.count, 1]), places) * logits).sum([1])
        return (logSumExp(logits) - chosen).mean()
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        trunk.visitParameters(visit)
        second.visitParameters(under: "second", visit)
        head.visitParameters(under: "head", visit)
    }
}
