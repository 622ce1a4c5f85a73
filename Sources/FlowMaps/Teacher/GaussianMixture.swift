import Tensors

/// A mixture of isotropic Gaussians, whose velocity is known exactly: the oracle of learned ones.
///
/// Component k of x_t is N((1 − t) m_k, S), S = (1 − t)² q² + t²; with responsibilities w_k ∝ π_k N(x; (1 − t) m_k, S I),
/// u(x, t) = Σ w_k [ (t − (1 − t) q²) / S (x − (1 − t) m_k) − m_k ].
public struct GaussianMixture: GuidableVelocity, Sendable {
    /// [components][dimension].
    public let means: [[Double]]
    /// Adds up to 1.
    public let weights: [Double]
    /// q, the same for every component and axis.
    public let deviation: Double

    public init(means: [[Double]], weights: [Double]? = nil, deviation: Double) {
        precondition(
            !means.isEmpty && means.allSatisfy { $0.count == means[0].count }, "means of one dimension are needed")
        precondition(deviation > 0, "a deviation is positive, not \(deviation)")
        let weights = weights ?? means.map { _ in 1 }
        let total = weights.reduce(0, +)
        (self.means, self.deviation) = (means, deviation)
        self.weights = weights.map { $0 / total }
    }

    public var dimension: Int { means[0].count }

    /// A mixture has no classes: the condition is not looked at.
    public func callAsFunction(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
        let variance = square(1 - t) * (deviation * deviation) + square(t)
        let centres = means.map { mean in
            Tensor.concatenate(mean.map { Tensor($0).broadcast(to: [1, 1]) }, axis: 1)
        }
        let scores = zip(centres, weights).map { centre, weight in
            weight.naturalLogarithm - square(x - (1 - t) * centre).sum([1], keepingAxes: true) / (2 * variance)
        }
        let shares = softmax(.concatenate(scores, axis: 1))
        let slope = (t - (1 - t) * (deviation * deviation)) / variance
        return centres.enumerated().map { index, centre in
            shares.slice(index..<(index + 1), axis: 1) * (slope * (x - (1 - t) * centre) - centre)
        }.reduce(Tensor(0), +)
    }

    public func unconditional(_ x: Tensor, at t: Tensor) -> Tensor { self(x, at: t, given: .none) }
}

extension Double {
    fileprivate var naturalLogarithm: Tensor { log(Tensor(self)) }
}
