import Engine

/// The body of a teacher, a student or an auxiliary: a closed list, so that any of them can be made from a spec.
public enum Network: Module, Sendable {
    case mlp(MLP)
    case sit(SiT)

    /// The number of classes; 0 without.
    public var classes: Int {
        switch self {
        case .mlp(let mlp): mlp.classes
        case .sit(let sit): sit.classes
        }
    }

    /// x [n, d], time and duration [n, 1] → [n, d]. Duration goes only to a network with an embedder for it.
    public func callAsFunction(_ x: Tensor, time: Tensor, duration: Tensor?, _ condition: Condition) -> Tensor {
        switch self {
        case .mlp(let mlp): mlp(x, time: time, duration: duration, condition)
        case .sit(let sit): sit(x, time: time, duration: duration, condition)
        }
    }

    /// The network with an embedder for durations whose last layer is zero, so that it begins as it was: F(x, t, s) = u(x, t).
    public func withDuration(key: RandomKey) -> Network {
        switch self {
        case .mlp(let mlp): .mlp(mlp.withDuration(key: key))
        case .sit(let sit): .sit(sit.withDuration(key: key))
        }
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        switch self {
        case .mlp(var mlp):
            mlp.visitParameters(visit)
            self = .mlp(mlp)
        case .sit(var sit):
            sit.visitParameters(visit)
            self = .sit(sit)
        }
    }
}

/// What a spec says of a network.
public enum NetworkShape: Codable, Hashable, Sendable, Validated {
    /// Units of a hidden layer, hidden layers, and the features of times and durations.
    case mlp(width: Int, depth: Int, times: Frequencies)
    /// Pixels along a patch, units of a token (a multiple of 4 and of the heads), blocks, heads, and the features of times and
    /// durations. Only for images.
    case sit(patch: Int, width: Int, depth: Int, heads: Int, times: Frequencies)

    public enum CodingKeys: String, CodingKey, CaseIterable { case mlp, sit }

    public func validate() throws(Violation) {
        switch self {
        case .mlp(let width, let depth, _):
            try require(width, "mlp.width", in: 1...)
            try require(depth, "mlp.depth", in: 1...)
        case .sit(let patch, let width, let depth, let heads, _):
            try require(patch, "sit.patch", in: 1...)
            try require(depth, "sit.depth", in: 1...)
            try require(heads, "sit.heads", in: 1...)
            try require(
                width > 0 && width.isMultiple(of: 4) && width.isMultiple(of: heads), "sit.width", found: width,
                allowed: "a positive multiple of 4 and of the \(heads) heads")
        }
    }

    /// Checks that the network takes samples of a data set.
    /// - Parameter image: the shape of a sample that is an image.
    public func validate(for image: ImageShape?) throws(Violation) {
        guard case .sit(let patch, _, _, _, _) = self else { return }
        guard let image else { throw Violation(key: "sit", found: "samples that are no images", allowed: "images") }
        try require(
            image.height.isMultiple(of: patch) && image.width.isMultiple(of: patch), "sit.patch", found: patch,
            allowed: "a divisor of the image's sides, \(image.height) and \(image.width)")
    }

    /// A network for samples of a dimension, its weights drawn from a key.
    /// - Parameter image: the shape of a sample that is an image, of as many numbers as `dimension`.
    public func build(dimension: Int, image: ImageShape? = nil, classes: Int, key: RandomKey) -> Network {
        switch self {
        case .mlp(let width, let depth, let times):
            return .mlp(MLP(width: width, depth: depth, times: times, dimension: dimension, classes: classes, key: key))
        case .sit(let patch, let width, let depth, let heads, let times):
            guard let image else { preconditionFailure("a transformer over patches is for images") }
            return .sit(
                SiT(
                    patch: patch, width: width, depth: depth, heads: heads, times: times, image: image,
                    classes: classes,
                    key: key))
        }
    }
}

/// Frequencies of time features, in radians a unit of time. Above about 6 the derivative by the duration explodes.
public struct Frequencies: Codable, Hashable, Sendable, Validated {
    public let count: Int
    public let lowest: Double
    public let highest: Double

    public init(count: Int, lowest: Double, highest: Double) {
        (self.count, self.lowest, self.highest) = (count, lowest, highest)
    }

    public func validate() throws(Violation) {
        try require(count, "count", in: 1...)
        try positive(lowest, "lowest")
        try require(highest, "highest", in: lowest...)
    }

    var features: TimeFeatures { TimeFeatures(count: count, lowest: lowest, highest: highest) }
}
