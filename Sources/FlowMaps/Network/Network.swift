import Engine
import Foundation

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

    /// The network with embedders of more scalars, whose last layers are zero, so that it begins as it was: F(x, t, s) = u(x, t).
    /// - Parameter scalars: what is embedded; those that are embedded already stay as they are.
    public func embedding(_ scalars: [EmbeddedScalar], key: RandomKey) -> Network {
        switch self {
        case .mlp(var mlp):
            for scalar in scalars { mlp.conditioning.embed(scalar, key: key) }
            return .mlp(mlp)
        case .sit(var sit):
            for scalar in scalars { sit.conditioning.embed(scalar, key: key) }
            return .sit(sit)
        }
    }

    /// The network with an embedder of durations alone.
    public func withDuration(key: RandomKey) -> Network { embedding([.duration], key: key) }

    /// What is embedded beside time and class, in the order of the cases.
    public var embeddedScalars: [EmbeddedScalar] {
        switch self {
        case .mlp(let mlp): mlp.conditioning.embeddedScalars
        case .sit(let sit): sit.conditioning.embeddedScalars
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
    /// Units of a hidden layer, hidden layers, and the features of times, durations and guidance scales.
    case mlp(width: Int, depth: Int, times: Frequencies)
    /// A transformer over patches. Only for images.
    case sit(SiTShape)

    public enum CodingKeys: String, CodingKey, CaseIterable { case mlp, sit }

    /// A transformer of free sizes.
    public static func sit(patch: Int, width: Int, depth: Int, heads: Int, times: Frequencies) -> NetworkShape {
        .sit(SiTShape(extent: .free(patch: patch, width: width, depth: depth, heads: heads), times: times))
    }

    /// Hidden layers, or blocks.
    public var depth: Int {
        switch self {
        case .mlp(_, let depth, _): depth
        case .sit(let shape): shape.depth
        }
    }

    public func validate() throws(Violation) {
        switch self {
        case .mlp(let width, let depth, _):
            try require(width, "mlp.width", in: 1...)
            try require(depth, "mlp.depth", in: 1...)
        case .sit(let shape):
            do { try shape.validate() } catch { throw error.under("sit") }
        }
    }

    /// Checks that the network takes samples of a data set.
    /// - Parameter image: the shape of a sample that is an image.
    public func validate(for image: ImageShape?) throws(Violation) {
        guard case .sit(let shape) = self else { return }
        guard let image else { throw Violation(key: "sit", found: "samples that are no images", allowed: "images") }
        let key =
            switch shape.extent {
            case .named: "sit.size"
            case .free: "sit.patch"
            }
        try require(
            image.height.isMultiple(of: shape.patch) && image.width.isMultiple(of: shape.patch), key,
            found: shape.patch, allowed: "a divisor of the image's sides, \(image.height) and \(image.width)")
    }

    /// A network for samples of a dimension, its weights drawn from a key.
    /// - Parameter image: the shape of a sample that is an image, of as many numbers as `dimension`.
    public func build(dimension: Int, image: ImageShape? = nil, classes: Int, key: RandomKey) -> Network {
        switch self {
        case .mlp(let width, let depth, let times):
            return .mlp(MLP(width: width, depth: depth, times: times, dimension: dimension, classes: classes, key: key))
        case .sit(let shape):
            guard let image else { preconditionFailure("a transformer over patches is for images") }
            return .sit(SiT(shape, image: image, classes: classes, key: key))
        }
    }
}

/// Frequencies of time features, in radians a unit of time, spaced geometrically. Above about 6 the derivative by the duration
/// explodes.
public struct Frequencies: Codable, Hashable, Sendable, Validated {
    public let count: Int
    public let lowest: Double
    public let highest: Double

    public init(count: Int, lowest: Double, highest: Double) {
        (self.count, self.lowest, self.highest) = (count, lowest, highest)
    }

    /// Those of the released SiT models: 128 (256 sines and cosines), from 1 down to 10000^(−127/128). With times in [0, 1] none is
    /// fast; models that multiply time by 1000 before (DiT's) are, and their derivative by the duration is useless.
    public static let published = published(count: 128)

    /// `count` frequencies spaced as in the released models, 10000^(−j/count).
    public static func published(count: Int) -> Frequencies {
        Frequencies(count: count, lowest: pow(10_000, 1 / Double(count) - 1), highest: 1)
    }

    /// In radians a unit of time, ascending.
    public var frequencies: [Double] { features.frequencies }

    public func validate() throws(Violation) {
        try require(count, "count", in: 1...)
        try positive(lowest, "lowest")
        try require(highest, "highest", in: lowest...)
    }

    var features: TimeFeatures { TimeFeatures(count: count, lowest: lowest, highest: highest) }
}
