import Tensors

extension Classifier {
    /// The specification of a classifier.
    public struct Training: Codable, Hashable, Sendable, Validated {
        /// Units of the hidden layer of a perceptron; absent with `convolution`.
        public let width: Int?
        /// Convolutions in its place, for images.
        public let convolution: Convolutions?
        /// Units of the layer before the last, whose activations are the features.
        public let features: Int
        /// The share of the data set that is held out to measure the accuracy, in (0, 1).
        public let heldOut: Double
        /// The least held-out accuracy, in [0, 1], that a study accepts; absent is any.
        public let accuracy: Double?
        /// The augmentation of the training data; strength 0 is none.
        public let augmentation: Augmentation
        /// The optimization of the classifier.
        public let optimization: Optimization

        /// Layers of 3 × 3 windows, each halving the image.
        public struct Convolutions: Codable, Hashable, Sendable, Validated {
            /// The channels of each layer, at least one layer.
            public let channels: [Int]

            /// Layers of the given numbers of channels.
            public init(channels: [Int]) { self.channels = channels }

            /// Checks the ranges of the settings.
            public func validate() throws(Violation) {
                try nonEmpty(channels, "channels")
                try require(
                    channels.count <= Most.depth, "channels", found: "\(channels.count) layers",
                    allowed: "at most \(Most.depth)")
                for count in channels { try require(count, "channels", atLeast: 1, atMost: Most.width) }
            }
        }

        /// A classifier's specification from its parts.
        public init(
            width: Int? = nil, convolution: Convolutions? = nil, features: Int, heldOut: Double,
            accuracy: Double? = nil, augmentation: Augmentation, optimization: Optimization
        ) {
            (self.width, self.convolution, self.features) = (width, convolution, features)
            (self.heldOut, self.accuracy) = (heldOut, accuracy)
            (self.augmentation, self.optimization) = (augmentation, optimization)
        }

        /// Checks the ranges of the settings.
        public func validate() throws(Violation) {
            if let width { try require(width, "width", atLeast: 1, atMost: Most.width) }
            try require(
                (width == nil) != (convolution == nil), found: width == nil ? "neither" : "both",
                allowed: "either width, of a perceptron, or convolution")
            try require(features, "features", atLeast: 1, atMost: Most.width)
            try require(heldOut > 0 && heldOut < 1, "heldOut", found: heldOut, allowed: "more than 0 and less than 1")
            if let accuracy { try probability(accuracy, "accuracy") }
            try require(
                optimization.parts == 1, "optimization", found: "a batch in \(optimization.parts) parts",
                allowed: "no accumulate and no devices: a classifier's batch is computed as a whole")
        }

        /// The output shape of each convolution for an image; empty for a perceptron.
        func places(of image: ImageShape) -> [ImageShape] {
            var shapes: [ImageShape] = []
            for channels in convolution?.channels ?? [] {
                shapes.append(Convolution.output(of: shapes.last ?? image, channels: channels))
            }
            return shapes
        }

        /// The first convolution, from 0, that has so many places.
        func layer(of image: ImageShape, height: Int, width: Int) -> Int? {
            places(of: image).firstIndex { $0.height == height && $0.width == width }
        }

        /// A classifier for samples of a dimension, its weights drawn from a key.
        /// - Parameter image: the shape of a sample that is an image, which convolutions need.
        public func build(dimension: Int, image: ImageShape?, classes: Int, key: RandomKey) -> Classifier {
            Classifier(self, dimension: dimension, image: image, classes: classes, key: key)
        }

        /// A trainer at its first step.
        public func trainer(
            on data: TrainingData, key: RandomKey, on backend: any Backend
        ) throws -> Trainer<TrainState<Classifier>> {
            let start = build(
                dimension: data.dimension, image: data.image, classes: data.classes, key: key.folding("weights"))
            return try Trainer(initial: TrainState(start), execution: optimization.execution, on: backend) {
                state, step in
                let (samples, condition) = data.draw(optimization.batch, key: key.folding("data"), step: step)
                let seen = augmentation(samples, of: data, key: key.folding("augmentation"), step: step)
                let result = valueAndGradient(at: state.model) {
                    ($0.crossEntropy(seen, labels: condition.labels!), ())
                }
                let norm = state.learn(result.gradient, optimization, step: step)
                return [("loss", result.loss), ("gradientNorm", norm)]
            }
        }

        /// Refuses a classifier whose accuracy on so many held-out samples is below the least that is accepted.
        public func check(accuracy found: Double, samples: Int) throws(Violation) {
            guard let accuracy else { return }
            try require(
                found >= accuracy, "evaluation.features.classifier.accuracy",
                found: "\(found) on \(samples) held-out samples", allowed: "at least \(accuracy)")
        }
    }
}
