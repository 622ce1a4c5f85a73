import LinearAlgebra
import Tensors

/// The mean and covariance of a set of samples, in double precision.
public struct GaussianMoments: Sendable {
    /// The mean, `[dimension]`.
    public let mean: [Double]
    /// The covariance, row-major `[dimension × dimension]`, symmetric.
    public let covariance: [Double]

    public var dimension: Int { mean.count }

    /// The moments of samples `[count × dimension]`, row-major; the covariance divides by count - 1.
    ///
    /// At least two samples. A number that is not finite spreads to the moments.
    public init(samples: [Float], dimension: Int) {
        (mean, covariance) = meanAndCovariance(of: samples, dimension: dimension)
    }

    /// The moments of a known distribution: mean `[dimension]`, symmetric covariance `[dimension × dimension]`, row-major.
    public init(mean: [Double], covariance: [Double]) {
        precondition(
            !mean.isEmpty && covariance.count == mean.count * mean.count,
            "a mean [\(mean.count)] and a covariance of \(covariance.count) numbers")
        self.mean = mean
        self.covariance = covariance
    }

    /// Whether every number is finite.
    var isFinite: Bool { mean.allSatisfy(\.isFinite) && covariance.allSatisfy(\.isFinite) }

    /// The trace of the covariance, the total variance.
    var totalVariance: Double { (0..<dimension).reduce(0) { $0 + covariance[$1 * dimension + $1] } }
}
