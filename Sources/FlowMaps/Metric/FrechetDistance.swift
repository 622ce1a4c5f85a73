import LinearAlgebra
import Tensors

/// The Fréchet distance between the Gaussians with the moments of two sets, squared as is the custom:
/// |μ₁ - μ₂|² + Tr(Σ₁ + Σ₂ - 2 (Σ₁^½ Σ₂ Σ₁^½)^½).
///
/// Zero exactly when the moments agree. It is biased upwards by about a constant over the count: compare only equal
/// counts. Source: Dowson and Landau, 1982; Heusel et al., arXiv 1706.08500, on features of an Inception network. In
/// features of another encoder it is not an FID; name the encoder.
public struct FrechetDistance: Sendable {
    /// The moments of the reference; where they are not finite, every distance from it is NaN.
    public let reference: GaussianMoments
    /// Σ₁^½ of the reference.
    private let root: [Double]

    /// The distance to a reference with these moments.
    public init(reference: GaussianMoments) {
        self.reference = reference
        root = reference.isFinite ? symmetricSquareRoot(reference.covariance, size: reference.dimension) : []
    }

    /// The distance of samples `[count × dimension]`, row-major, from the reference; NaN where a sample is not finite.
    public func callAsFunction(_ samples: [Float]) -> Double {
        callAsFunction(GaussianMoments(samples: samples, dimension: reference.dimension))
    }

    /// The distance of the other moments from the reference's, not negative; NaN where they are not finite.
    public func callAsFunction(_ other: GaussianMoments) -> Double {
        precondition(
            other.dimension == reference.dimension,
            "a Fréchet distance between dimensions \(reference.dimension) and \(other.dimension)")
        guard reference.isFinite, other.isFinite else { return .nan }
        let shift = zip(reference.mean, other.mean).reduce(0.0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let cross = traceOfSquareRoot(of: other.covariance, between: root, size: reference.dimension)
        // Rounding can leave equal moments a little below zero.
        return max(shift + reference.totalVariance + other.totalVariance - 2 * cross, 0)
    }
}

extension Metric {
    /// `FrechetDistance`, on features.
    public static let frechetDistance = Metric(
        "frechetDistance", comparing: .moments, on: .features, isDistance: true, by: .frechetDistance)
}

extension Scoring {
    /// Of dimension d a covariance takes 0.7 n d², a symmetric root 10 d³, the trace of a root 5.5 d³: LAPACK's times beside that of
    /// a product of 2 d³ on this project's machine, half of which run at the speed of memory.
    fileprivate static let frechetDistance = Scoring("frechetDistance") { sizes in
        let square = sizes.width * sizes.width, cube = square * sizes.width
        return (0.7 * square * sizes.reference + 10 * cube, 0.7 * square * sizes.samples + 5.5 * cube)
    } prepared: { reference in
        let moments =
            reference.moments
            ?? reference.set.map { GaussianMoments(samples: $0.features, dimension: $0.width) }
        return moments.map { moments in
            let distance = FrechetDistance(reference: moments)
            return { [distance($0.features)] }
        }
    }
}
