import Foundation

/// The arithmetic of metrics, for estimates of time.
extension Metric {
    /// The sizes on which the cost of a metric depends.
    public struct Sizes: Sendable {
        /// Samples that are measured, and samples of the reference.
        public let samples, reference: Double
        /// The length of a sample, and of its features.
        public let dimension, width: Double
        /// Projections of the sliced Wasserstein distance.
        public let projections: Double

        /// Sizes from their numbers.
        public init(samples: Double, reference: Double, dimension: Double, width: Double, projections: Double) {
            (self.samples, self.reference, self.dimension) = (samples, reference, dimension)
            (self.width, self.projections) = (width, projections)
        }
    }

    /// Operations, counted as those of a matrix product, of preparing the reference once and of measuring one set.
    ///
    /// Of dimension d a covariance takes 0.7 n d², a symmetric root 10 d³, the trace of a root 5.5 d³: LAPACK's times beside that of
    /// a product of 2 d³ on this project's machine, half of which run at the speed of memory.
    public func operations(_ sizes: Sizes) -> (reference: Double, samples: Double) {
        let (n, m) = (sizes.samples, sizes.reference), cube = pow(sizes.width, 3)
        let pair = 2 * sizes.width + Self.perPair
        switch self {
        case .frechetDistance:
            let square = 0.7 * sizes.width * sizes.width
            return (square * m + 10 * cube, square * n + 5.5 * cube)
        case .slicedWasserstein:
            func sorted(_ count: Double) -> Double {
                sizes.projections * count * (2 * sizes.dimension + 10 * log2(max(count, 2)))
            }
            return (sorted(m), sorted(n))
        case .kernelDistance, .precision, .recall, .density, .coverage: return (pair * m * m, pair * n * (n + m))
        case .memorisation: return (pair * m * m, pair * n * m)
        case .energyDistance: return (Self.perDistance * m * m, Self.perDistance * n * (n + m))
        // Five kernels of each distance.
        case .meanDiscrepancy: return (5 * Self.perDistance * m * m, 5 * Self.perDistance * n * (n + m))
        case .pairedError, .varianceRatio, .classAccuracy, .classifierScore, .coveredModes, .highQualityShare,
            .modeVariation, .drift:
            return (0, 10 * n * sizes.dimension)
        }
    }

    /// Operations of a pair besides its product: comparisons, a kernel.
    private static let perPair = 10.0
    /// Operations of a distance in the plane, with its root or exponential.
    private static let perDistance = 20.0

    /// One computation gives all four of these.
    public var sharesSupport: Bool {
        [Metric.precision, .recall, .density, .coverage].contains(self)
    }
}
