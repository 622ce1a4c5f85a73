import Tensors
import FlowMaps

/// What a checkpoint holds: enough to build it again without the study it came from.
public struct CheckpointDescription: Codable, Hashable, Sendable {
    public let role: Role
    public let model: Model
    /// Numbers of one sample.
    public let dimension: Int
    /// Where samples are images.
    public let image: Image?
    /// Classes beside "no class"; 0 without.
    public let classes: Int
    /// The values that an image is drawn black and white at, where they are known.
    public let range: ValueRange?
    /// The share of rows that a teacher was trained on without their class; absent where it is not known.
    public let labelDropout: Double?

    public enum Role: String, Codable, Hashable, Sendable, CaseIterable {
        case teacher, student, auxiliary, classifier
    }

    public enum Model: Codable, Hashable, Sendable {
        /// A network, what it is told beside time and class, and the form of a student's that is not plain.
        case network(shape: NetworkShape, conditioning: [EmbeddedScalar], form: MapForm? = nil)
        case classifier(training: Classifier.Training)

        public enum CodingKeys: String, CodingKey, CaseIterable { case network, classifier }
    }

    public struct Image: Codable, Hashable, Sendable, Validated {
        public let channels, height, width: Int

        public init(_ shape: ImageShape) { (channels, height, width) = (shape.channels, shape.height, shape.width) }

        var shape: ImageShape { ImageShape(channels: channels, height: height, width: width) }

        public func validate() throws(Violation) {
            for (side, name) in [(channels, "channels"), (height, "height"), (width, "width")] {
                try require(side, name, in: 1...(1 << 20))
            }
        }
    }

    public struct ValueRange: Codable, Hashable, Sendable, Validated {
        public let low, high: Double

        public init(low: Double, high: Double) { (self.low, self.high) = (low, high) }

        public func validate() throws(Violation) {
            try require(low < high, found: low, allowed: "low below high")
            try require(
                max(abs(low), abs(high)) < 1e37, found: "\(low) and \(high)", allowed: "numbers that float32 has")
        }
    }

    public init(
        role: Role, model: Model, dimension: Int, image: ImageShape?, classes: Int, range: ClosedRange<Float>? = nil,
        labelDropout: Double? = nil
    ) {
        self.labelDropout = labelDropout
        (self.role, self.model, self.dimension, self.classes) = (role, model, dimension, classes)
        self.image = image.map { Image($0) }
        self.range = range.map { ValueRange(low: Double($0.lowerBound), high: Double($0.upperBound)) }
    }

    /// A description of what was made for a data set.
    package init(
        role: Role, model: Model, for data: TrainingData, range: ClosedRange<Float>?, labelDropout: Double? = nil
    ) {
        self.init(
            role: role, model: model, dimension: data.dimension, image: data.image, classes: data.classes, range: range,
            labelDropout: labelDropout)
    }
}

extension CheckpointDescription: Validated {
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
    /// A network as it stands.
    package static func network(_ shape: NetworkShape, _ network: Network) -> Self {
        .network(shape: shape, conditioning: network.embeddedScalars, form: network.form == .plain ? nil : network.form)
    }
}
