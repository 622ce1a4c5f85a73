import Tensors
import Foundation

/// The network of a teacher, a student or an auxiliary: a closed list, so that a specification can name any of them.
public enum Network: Module, Sendable {
    case mlp(MLP)
    case sit(SiT)
    case mpMLP(MPMLP)
    case mpSiT(MPSiT)
    indirect case preconditioned(Preconditioned)
    indirect case noisePrediction(NoisePrediction)

    /// The number of classes; 0 without.
    public var classes: Int {
        switch self {
        case .mlp(let mlp): mlp.classes
        case .sit(let sit): sit.classes
        case .mpMLP(let mlp): mlp.classes
        case .mpSiT(let sit): sit.classes
        case .preconditioned(let inner): inner.network.classes
        case .noisePrediction(let inner): inner.network.classes
        }
    }

    /// x [n, d], time and duration [n, 1] → [n, d]. Duration goes only to a network with an embedder for it.
    /// - Parameter onHiddenLayer: receives each hidden layer.
    public func callAsFunction(
        _ x: Tensor, time: Tensor, duration: Tensor?, _ condition: Condition, onHiddenLayer: HiddenVisit = { _, _ in }
    ) -> Tensor {
        switch self {
        case .mlp(let mlp): mlp(x, time: time, duration: duration, condition, onHiddenLayer: onHiddenLayer)
        case .sit(let sit): sit(x, time: time, duration: duration, condition, onHiddenLayer: onHiddenLayer)
        case .mpMLP(let mlp): mlp(x, time: time, duration: duration, condition, onHiddenLayer: onHiddenLayer)
        case .mpSiT(let sit): sit(x, time: time, duration: duration, condition, onHiddenLayer: onHiddenLayer)
        case .preconditioned(let inner):
            inner(x, time: time, duration: duration, condition, onHiddenLayer: onHiddenLayer)
        case .noisePrediction(let inner):
            inner(x, time: time, duration: duration, condition, onHiddenLayer: onHiddenLayer)
        }
    }

    /// The network with embedders of more scalars, whose last layers are zero, so that it begins as it was: F(x, t, s) = u(x, t).
    /// - Parameter scalars: the scalars to embed; those that are embedded already stay as they are.
    public func embedding(_ scalars: [EmbeddedScalar], key: RandomKey) -> Network {
        switch self {
        case .mlp(var mlp):
            for scalar in scalars { mlp.conditioning.embed(scalar, key: key) }
            return .mlp(mlp)
        case .sit(var sit):
            for scalar in scalars { sit.conditioning.embed(scalar, key: key) }
            return .sit(sit)
        case .mpMLP(var mlp):
            for scalar in scalars { mlp.conditioning.embed(scalar, key: key) }
            return .mpMLP(mlp)
        case .mpSiT(var sit):
            for scalar in scalars { sit.conditioning.embed(scalar, key: key) }
            return .mpSiT(sit)
        case .preconditioned(var inner):
            inner.network = inner.network.embedding(scalars, key: key)
            return .preconditioned(inner)
        case .noisePrediction(var inner):
            inner.network = inner.network.embedding(scalars, key: key)
            return .noisePrediction(inner)
        }
    }

    /// The network with an embedder of durations alone.
    public func withDuration(key: RandomKey) -> Network { embedding([.duration], key: key) }

    /// The scalars that are embedded besides time and class, in the order of the cases.
    public var embeddedScalars: [EmbeddedScalar] {
        switch self {
        case .mlp(let mlp): mlp.conditioning.scalars.present
        case .sit(let sit): sit.conditioning.scalars.present
        case .mpMLP(let mlp): mlp.conditioning.scalars.present
        case .mpSiT(let sit): sit.conditioning.scalars.present
        case .preconditioned(let inner): inner.network.embeddedScalars
        case .noisePrediction(let inner): inner.network.embeddedScalars
        }
    }

    /// Visits each parameter with its name.
    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        switch self {
        case .mlp(var mlp):
            mlp.visitParameters(visit)
            self = .mlp(mlp)
        case .sit(var sit):
            sit.visitParameters(visit)
            self = .sit(sit)
        case .mpMLP(var mlp):
            mlp.visitParameters(visit)
            self = .mpMLP(mlp)
        case .mpSiT(var sit):
            sit.visitParameters(visit)
            self = .mpSiT(sit)
        case .preconditioned(var inner):
            inner.network.visitParameters(visit)
            self = .preconditioned(inner)
        case .noisePrediction(var inner):
            inner.network.visitParameters(visit)
            self = .noisePrediction(inner)
        }
    }
}

/// The specification of a network.
public enum NetworkShape: Codable, Hashable, Sendable, Validated {
    /// Units of a hidden layer, hidden layers, and the features of times, durations and guidance scales.
    case mlp(width: Int, depth: Int, times: Frequencies)
    /// A transformer over patches. Only for images.
    case sit(SiTShape)
    /// A perceptron of magnitude-preserving layers, `MPMLP`: units of a hidden layer, residual blocks, features as of `mlp`.
    case mpMLP(width: Int, depth: Int, times: Frequencies)
    /// A transformer of magnitude-preserving layers, `MPSiT`. Only for images.
    case mpSiT(SiTShape)
    /// Any network, put between scales by the noise level, `Preconditioned`; `sigmaData` is the standard deviation of the data.
    indirect case preconditioned(sigmaData: Double, network: NetworkShape)
    /// A network that predicts the noise of a diffusion model, read as a velocity, `NoisePrediction`.
    indirect case noisePrediction(schedule: NoiseSchedule, network: NetworkShape)

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case mlp, sit, mpMLP, mpSiT, preconditioned, noisePrediction
    }

    /// The keys of `preconditioned`.
    public enum PreconditionedCodingKeys: String, CodingKey, CaseIterable, RenamedKeys {
        case sigmaData, network

        /// Keys that are gone, each with the new one.
        public static let renamed = ["deviation": "sigmaData"]
    }

    /// A transformer of free sizes.
    public static func sit(patch: Int, width: Int, depth: Int, heads: Int, times: Frequencies) -> NetworkShape {
        .sit(SiTShape(extent: .free(patch: patch, width: width, depth: depth, heads: heads), times: times))
    }

    /// Checks the ranges of all settings.
    public func validate() throws(Violation) {
        switch self {
        case .mlp(let width, let depth, _):
            try require(width, "mlp.width", atLeast: 1, atMost: Most.width)
            try require(depth, "mlp.depth", atLeast: 1, atMost: Most.depth)
        case .sit(let shape):
            do { try shape.validate() } catch { throw error.under("sit") }
        case .mpMLP(let width, let depth, _):
            try require(width, "mpMLP.width", atLeast: 1, atMost: Most.width)
            try require(depth, "mpMLP.depth", atLeast: 1, atMost: Most.depth)
        case .mpSiT(let shape):
            do { try shape.validate() } catch { throw error.under("mpSiT") }
            try require(
                shape.outputFactor == 1, "mpSiT.outputs", found: "velocityAndVariance",
                allowed: "velocity: no model is published in this layout")
            try require(
                shape.qkNorm == nil, "mpSiT.qkNorm", found: shape.qkNorm?.rawValue ?? "none",
                allowed: "no such key: its queries and keys have a norm already")
        case .preconditioned(let sigmaData, let network):
            try positive(sigmaData, "preconditioned.sigmaData")
            if case .preconditioned = network {
                throw Violation(
                    key: "preconditioned.network", found: "preconditioned", allowed: "a network that is not, yet")
            }
            do { try network.validate() } catch { throw error.under("preconditioned.network") }
        case .noisePrediction(_, let network):
            guard case .sit = network else {
                throw Violation(key: "noisePrediction.network", found: "another network", allowed: "sit")
            }
            do { try network.validate() } catch { throw error.under("noisePrediction.network") }
        }
    }

    /// Checks that the network takes samples of a data set.
    /// - Parameter image: the shape of a sample that is an image.
    public func validate(for image: ImageShape?) throws(Violation) {
        let name: String, shape: SiTShape
        switch self {
        case .mlp, .mpMLP: return
        case .preconditioned(_, let network):
            do { return try network.validate(for: image) } catch { throw error.under("preconditioned.network") }
        case .noisePrediction(_, let network):
            do { return try network.validate(for: image) } catch { throw error.under("noisePrediction.network") }
        case .sit(let own):
            name = CodingKeys.sit.rawValue
            shape = own
        case .mpSiT(let own):
            name = CodingKeys.mpSiT.rawValue
            shape = own
        }
        guard let image else { throw Violation(key: name, found: "samples that are no images", allowed: "images") }
        let key =
            switch shape.extent {
            case .named: "\(name).size"
            case .free: "\(name).patch"
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
        case .mpMLP(let width, let depth, let times):
            return .mpMLP(
                MPMLP(width: width, depth: depth, times: times, dimension: dimension, classes: classes, key: key))
        case .mpSiT(let shape):
            guard let image else { preconditionFailure("a transformer over patches is for images") }
            return .mpSiT(MPSiT(shape, image: image, classes: classes, key: key))
        case .preconditioned(let sigmaData, let network):
            let inner = network.build(dimension: dimension, image: image, classes: classes, key: key)
            return .preconditioned(Preconditioned(sigmaData: sigmaData, network: inner))
        case .noisePrediction(let schedule, let network):
            let inner = network.build(dimension: dimension, image: image, classes: classes, key: key)
            return .noisePrediction(NoisePrediction(schedule: schedule, network: inner))
        }
    }
}

/// Frequencies of time features, in radians a unit of time, spaced geometrically. Above about 6 the derivative by the duration
/// explodes.
public struct Frequencies: Codable, Hashable, Sendable, Validated {
    /// The number of frequencies.
    public let count: Int
    /// The lowest frequency.
    public let lowest: Double
    /// The highest frequency.
    public let highest: Double

    /// Frequencies spaced geometrically between two ends.
    public init(count: Int, lowest: Double, highest: Double) {
        (self.count, self.lowest, self.highest) = (count, lowest, highest)
    }

    /// The frequencies of the released SiT models: 128 (256 sines and cosines), from 1 down to 10000^(−127/128). With
    /// times in [0, 1] none is fast; models that multiply time by 1000 before (DiT's) have fast ones, and their
    /// derivative by the duration is useless.
    public static let published = published(count: 128)

    /// `count` frequencies spaced as in the released models, 10000^(−j/count).
    public static func published(count: Int) -> Frequencies {
        Frequencies(count: count, lowest: pow(10_000, 1 / Double(count) - 1), highest: 1)
    }

    /// The frequencies in radians per unit of time, ascending.
    public var frequencies: [Double] { features.frequencies }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try require(count, "count", atLeast: 1, atMost: Most.frequencies)
        try positive(lowest, "lowest")
        try require(lowest, "lowest", atLeast: 0, atMost: Most.frequency)
        try require(highest, "highest", atLeast: lowest, atMost: Most.frequency)
    }

    var features: TimeFeatures { TimeFeatures(count: count, lowest: lowest, highest: highest) }
}
