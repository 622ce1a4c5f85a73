import Tensors
import FlowMaps

/// The description of a checkpoint's model: enough to build it again without its study.
public struct CheckpointDescription: Codable, Hashable, Sendable {
    /// The role of the model.
    public let role: Role
    /// The architecture of the model.
    public let model: Model
    /// The length of one sample.
    public let dimension: Int
    /// The shape of a sample that is an image.
    public let image: Image?
    /// The number of classes besides "no class"; 0 without.
    public let classes: Int
    /// The values of black and white in drawings, where they are known.
    public let range: ValueRange?
    /// The share of rows that a teacher was trained on without their class; nil where it is not known.
    public let labelDropout: Double?

    /// The role of a model in a study.
    public enum Role: String, Codable, Hashable, Sendable, CaseIterable {
        case teacher, student, auxiliary, classifier
    }

    /// The architecture of a model.
    public enum Model: Codable, Hashable, Sendable {
        /// A network, the scalars that it is conditioned on besides time and class, and the form of a student's that
        /// is not plain.
        case network(shape: NetworkShape, conditioning: [EmbeddedScalar], form: MapForm? = nil)
        case classifier(training: Classifier.Training)

        /// The keys in a specification.
        public enum CodingKeys: String, CodingKey, CaseIterable { case network, classifier }
    }

    /// The shape of an image, in a file's metadata.
    public struct Image: Codable, Hashable, Sendable, Validated {
        public let channels, height, width: Int

        /// The description of a shape.
        public init(_ shape: ImageShape) { (channels, height, width) = (shape.channels, shape.height, shape.width) }

        var shape: ImageShape { ImageShape(channels: channels, height: height, width: width) }

        /// Checks the ranges of the settings.
        public func validate() throws(Violation) {
            for (side, name) in [(channels, "channels"), (height, "height"), (width, "width")] {
                try require(side, name, in: 1...(1 << 20))
            }
        }
    }

    /// A range of values, in a file's metadata.
    public struct ValueRange: Codable, Hashable, Sendable, Validated {
        public let low, high: Double

        /// The range between two values.
        public init(low: Double, high: Double) { (self.low, self.high) = (low, high) }

        /// Checks the ranges of the settings.
        public func validate() throws(Violation) {
            try require(low < high, found: low, allowed: "low below high")
            try require(
                max(abs(low), abs(high)) < 1e37, found: "\(low) and \(high)", allowed: "numbers that float32 has")
        }
    }

    /// A description from its parts.
    public init(
        role: Role, model: Model, dimension: Int, image: ImageShape?, classes: Int, range: ClosedRange<Float>? = nil,
        labelDropout: Double? = nil
    ) {
        self.labelDropout = labelDropout
        (self.role, self.model, self.dimension, self.classes) = (role, model, dimension, classes)
        self.image = image.map { Image($0) }
        self.range = range.map { ValueRange(low: Double($0.lowerBound), high: Double($0.upperBound)) }
    }

    /// The description of a model for a data set.
    package init(
        role: Role, model: Model, for data: TrainingData, range: ClosedRange<Float>?, labelDropout: Double? = nil
    ) {
        self.init(
            role: role, model: model, dimension: data.dimension, image: data.image, classes: data.classes, range: range,
            labelDropout: labelDropout)
    }
}

extension CheckpointDescription: Validated {
    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try require(dimension, "dimension", in: 1...(1 << 30))
        try require(classes, "classes", in: 0...(1 << 24))
        if let labelDropout { try probability(labelDropout, "labelDropout") }
        if let image {
            // Of three numbers up to 2^20.
            let count = image.channels * image.height * image.width
            try require(count == dimension, "image", found: "\(count) numbers", allowed: "\(dimension), the dimension")
        }
        switch model {
        case .network(let shape, _, let form):
            do { try shape.validate(for: image?.shape) } catch { throw error.under("model.network.shape") }
            do { try form?.validate(for: shape) } catch { throw error.under("model.network.form") }
        case .classifier(let training):
            try require(classes, "classes", in: 1...(1 << 24))
            try require(
                training.convolution == nil || image != nil, "image", found: "none",
                allowed: "an image, as the classifier has convolutions")
        }
    }
}

extension CheckpointDescription.Model {
    /// The description of a network.
    package static func network(_ shape: NetworkShape, _ network: Network) -> Self {
        .network(shape: shape, conditioning: network.embeddedScalars, form: network.form == .plain ? nil : network.form)
    }
}
