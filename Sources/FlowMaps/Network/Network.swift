import Engine

/// The body of a teacher, a student or an auxiliary: a closed list, so that any of them can be made from a spec.
public enum Network: Module, Sendable {
    case mlp(MLP)

    /// The number of classes; 0 without.
    public var classes: Int {
        switch self {
        case .mlp(let mlp): mlp.classes
        }
    }

    /// x [n, d], time and duration [n, 1] → [n, d]. Duration goes only to a network with an embedder for it.
    public func callAsFunction(_ x: Tensor, time: Tensor, duration: Tensor?, _ condition: Condition) -> Tensor {
        switch self {
        case .mlp(let mlp): mlp(x, time: time, duration: duration, condition)
        }
    }

    /// The network with an embedder for durations whose last layer is zero, so that it begins as it was: F(x, t, s) = u(x, t).
    public func withDuration(key: RandomKey) -> Network {
        switch self {
        case .mlp(let mlp): .mlp(mlp.withDuration(key: key))
        }
    }

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        switch self {
        case .mlp(var mlp):
            mlp.visitParameters(visit)
            self = .mlp(mlp)
        }
    }
}

/// What a spec says of a network.
public enum NetworkShape: Codable, Hashable, Sendable, Validated {
    /// Units of a hidden layer, hidden layers, and the features of times and durations.
    case mlp(width: Int, depth: Int, times: Frequencies)

    public enum CodingKeys: String, CodingKey, CaseIterable { case mlp }

    public func validate() throws(Violation) {
        switch self {
        case .mlp(let width, let depth, _):
            try require(width, "mlp.width", in: 1...)
            try require(depth, "mlp.depth", in: 1...)
        }
    }

    /// A network for samples of a dimension, its weights drawn from a key.
    public func build(dimension: Int, classes: Int, key: RandomKey) -> Network {
        switch self {
        case .mlp(let width, let depth, let times):
            .mlp(MLP(width: width, depth: depth, times: times, dimension: dimension, classes: classes, key: key))
        }
    }
}

/// Frequencies of time features, in radians a unit of time. Above about 6 the derivative by the duration explodes.
public struct Frequencies: Codable, Hashable, Sendable, Validated {
    public let count: Int
    public let lowest: Double
    public let highest: Double

    public init(count: Int, lowest: Double, highest: Double) { (self.count, self.lowest, self.highest) = (count, lowest, highest) }

    public func validate() throws(Violation) {
        try require(count, "count", in: 1...)
        try positive(lowest, "lowest")
        try require(highest, "highest", in: lowest...)
    }

    var features: TimeFeatures { TimeFeatures(count: count, lowest: lowest, highest: highest) }
}
