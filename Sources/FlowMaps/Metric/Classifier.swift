import Engine

/// A small classifier trained on the data set, whose hidden features are what samples are compared by.
public struct Classifier: Module, Sendable {
    /// What a spec says of it.
    public struct Training: Codable, Hashable, Sendable, Validated {
        /// Units of the first hidden layer.
        public let width: Int
        /// Units of the second, whose activations are the features.
        public let features: Int
        /// The share of the data set that is held out to measure the accuracy, in (0, 1).
        public let heldOut: Double
        /// Of the data in training; strength 0 is none.
        public let augmentation: Augmentation
        public let optimization: Optimization

        public init(width: Int, features: Int, heldOut: Double, augmentation: Augmentation, optimization: Optimization)
        {
            (self.width, self.features, self.heldOut) = (width, features, heldOut)
            (self.augmentation, self.optimization) = (augmentation, optimization)
        }

        public func validate() throws(Violation) {
            try require(width, "width", in: 1...)
            try require(features, "features", in: 1...)
            try require(heldOut > 0 && heldOut < 1, "heldOut", found: heldOut, allowed: "more than 0 and less than 1")
        }

        /// A trainer at its first step.
        public func trainer(on data: TrainingData, key: RandomKey) -> Trainer<Learner<Classifier>> {
            let start = Classifier(
                dimension: data.dimension, width: width, features: features, classes: data.classes,
                key: key.folding("weights"))
            return Trainer(initial: Learner(start)) { learner, step in
                let (samples, condition) = data.draw(optimization.batch, key: key.folding("data"), step: step)
                let seen = augmentation(samples, of: data, key: key.folding("augmentation"), step: step)
                let result = valueAndGradient(at: learner.model) {
                    ($0.crossEntropy(seen, labels: condition.labels!), ())
                }
                let norm = learner.learn(result.gradient, optimization, step: step)
                return [("loss", result.loss), ("gradientNorm", norm)]
            }
        }
    }

    var first: Linear
    var second: Linear
    var head: Linear

    public init(dimension: Int, width: Int, features: Int, classes: Int, key: RandomKey) {
        first = Linear(inputs: dimension, outputs: width, key: key.folding("first"))
        second = Linear(inputs: width, outputs: features, key: key.folding("second"))
        head = Linear(inputs: features, outputs: classes, key: key.folding("head"))
    }

    /// [n, d] → [n, features].
    public func features(_ x: Tensor) -> Tensor { silu(second(silu(first(x)))) }

    /// [n, d] → features [n, f] and logits [n, classes].
    public func callAsFunction(_ x: Tensor) -> (features: Tensor, logits: Tensor) {
        let features = features(x)
        return (features, head(features))
    }

    /// The mean of −log p(label), a scalar.
    func crossEntropy(_ x: Tensor, labels: Tensor) -> Tensor {
        let logits = self(x).logits
        let classes = logits.shape[1]
        let places = Tensor((0..<classes).map(Float.init), shape: [1, classes])
        let chosen = (equal(labels.reshaped(to: [labels.shape.count, 1]), places) * logits).sum([1])
        return (logSumExp(logits) - chosen).mean()
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        first.visitParameters(under: "first", visit)
        second.visitParameters(under: "second", visit)
        head.visitParameters(under: "head", visit)
    }
}
