import Tensors

/// An extra term of a teacher's training: a hidden layer at x_t, through a projection, is aligned with the features that a classifier
/// of the same data has of the clean sample, −λ E cos(φ(x), P(h(x_t, t))) (REPA, arXiv 2410.06940, Eq. 8).
///
/// In the paper the features are a large self-supervised encoder's; here they are those of a classifier that the
/// harness trains on the data set. The projection P is dropped after the training.
public struct RepresentationAlignment: Codable, Hashable, Sendable, Validated {
    /// λ; 0.5 there.
    public let weight: Double
    /// The hidden layer, from 1: after so many blocks of a transformer, or layers of a perceptron. 8 of 28 there.
    public let block: Int
    /// Units of the projection's two hidden layers.
    public let hidden: Int
    /// The features of the classifier that are aligned with.
    public let features: Features
    /// The specification of the classifier.
    public let classifier: Classifier.Training

    /// The features of a classifier that a hidden layer can be aligned with.
    public enum Features: String, Codable, Hashable, Sendable, CaseIterable {
        /// The features of the whole sample, the same for every token: the layer before the classifier's last.
        case sample
        /// The features of the token's own patch: of the convolution that has as many places as there are patches.
        case patches
    }

    /// An alignment from its settings.
    public init(
        weight: Double, block: Int, hidden: Int, features: Features, classifier: Classifier.Training
    ) {
        (self.weight, self.block, self.hidden) = (weight, block, hidden)
        (self.features, self.classifier) = (features, classifier)
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try require(weight, "weight", atLeast: 0, atMost: Most.factor)
        try require(block, "block", atLeast: 1, atMost: Most.depth)
        try require(hidden, "hidden", atLeast: 1, atMost: Most.width)
        try require(
            features == .sample || classifier.convolution != nil, "features", found: "patches",
            allowed: "sample, or a classifier of convolutions")
    }

    /// Checks that each patch of a network has features of its own, where the specification has `features: patches`.
    /// - Parameter image: the shape of a sample that is an image.
    public func validate(for network: NetworkShape, image: ImageShape?) throws(Violation) {
        guard features == .patches else { return }
        guard let image, let patch = network.patch else {
            throw Violation(key: "features", found: "patches", allowed: "sample, as the network is over no patches")
        }
        let (down, across) = (image.height / patch, image.width / patch)
        let sizes = classifier.places(of: image).map { "\($0.height) × \($0.width)" }.joined(separator: ", ")
        try require(
            classifier.layer(of: image, height: down, width: across) != nil, "features",
            found: "patches, of which there are \(down) × \(across)",
            allowed: "sample, or a convolution of so many places: they have \(sizes)")
    }

    /// P: three layers with SiLU between them.
    struct Projection: Module, Sendable {
        var layers: [Linear]

        /// […, width] → […, features].
        func callAsFunction(_ hidden: Tensor) -> Tensor {
            layers.dropFirst().reduce(layers[0](hidden)) { $1(silu($0)) }
        }

        mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
            layers.visitParameters(under: "layers", visit)
        }
    }

    /// P before its first step, for a network over samples of a data set.
    func projection(from network: NetworkShape, image: ImageShape?, key: RandomKey) -> Projection {
        let widths = [network.width, hidden, hidden, featureCount(network, image)]
        return Projection(
            layers: (0..<3).map {
                Linear(inputs: widths[$0], outputs: widths[$0 + 1], key: key.folding($0))
            })
    }

    private func featureCount(_ network: NetworkShape, _ image: ImageShape?) -> Int {
        guard let layer = layer(network, image) else { return classifier.features }
        return classifier.convolution!.channels[layer]
    }

    /// The convolution whose places are the patches; nil where features are the whole sample's.
    private func layer(_ network: NetworkShape, _ image: ImageShape?) -> Int? {
        guard features == .patches, let image, let patch = network.patch else { return nil }
        return classifier.layer(of: image, height: image.height / patch, width: image.width / patch)
    }

    /// φ(x) of clean samples [n, d], constant to the gradient: [n, tokens, features], or one for all tokens.
    func target(_ samples: Tensor, _ extractor: Classifier?, _ network: NetworkShape) -> Tensor {
        guard let extractor else { preconditionFailure("features are a classifier's, and none is there") }
        if let layer = layer(network, extractor.image) { return stopGradient(extractor.places(samples, layer: layer)) }
        let features = extractor.features(samples)
        return stopGradient(features.reshaped(to: [features.shape[0], 1, features.shape[1]]))
    }

    /// E cos(φ, P): the mean over rows and tokens, a scalar in [−1, 1]. Projected [n, tokens, f], features the same or of one token.
    static func alignment(_ projected: Tensor, with features: Tensor) -> Tensor {
        func directions(_ x: Tensor) -> Tensor {
            // ε keeps 0 / 0 away where features are all off.
            x * reciprocal(sqrt(square(x).sum([2], keepingAxes: true) + 1e-12))
        }
        return (directions(projected) * directions(features)).sum([2]).mean()
    }
}
