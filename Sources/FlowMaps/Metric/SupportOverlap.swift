/// The overlap of samples and a reference, each set's support being a union of balls around its points.
///
/// The ball of a point reaches to its k-th nearest neighbour within its own set. Precision: the share of samples in
/// some ball of the reference. Recall: the share of the reference in some ball of the samples. Both with k = 3
/// (Kynkäänniemi et al., arXiv 1904.06991). Density: the mean number of the reference's balls that contain a sample,
/// over k; 1 for one distribution, more where samples crowd. Coverage: the share of the reference's balls that
/// contain a sample. Both with k = 5 (Naeem et al., arXiv 2002.09797). All depend on the counts: compare only equal
/// ones.
public struct SupportOverlap: Sendable {
    /// The four measures.
    public struct Result: Sendable, Hashable {
        /// Shares in [0, 1].
        public let precision, recall: Double
        /// The density, from 0 to the reference's count over k.
        public let density: Double
        /// A share in [0, 1].
        public let coverage: Double
    }

    /// k of precision and recall.
    public static let supportNeighbours = 3
    /// k of density and coverage.
    public static let densityNeighbours = 5

    private let reference: SquaredDistances
    private let origin: [Float]
    /// The squared radii of the reference's balls.
    private let support, density: [Float]

    /// Reference samples `[count × dimension]`, row-major, at least two.
    public init(reference samples: [Float], dimension: Int) {
        precondition(samples.count >= 2 * dimension, "balls of \(samples.count / dimension) samples; two are needed")
        origin = samples.meanSample(dimension: dimension)
        reference = SquaredDistances(samples, around: origin)
        let radii = reference.nearest([Self.supportNeighbours, Self.densityNeighbours])
        (support, density) = (radii[0], radii[1])
    }

    /// The overlap of samples `[count × dimension]`, row-major, at least two; NaN throughout where one of either set
    /// is not finite.
    public func callAsFunction(_ samples: [Float]) -> Result {
        let points = SquaredDistances(samples, around: origin)
        precondition(points.count >= 2, "balls of \(points.count) samples; two are needed")
        guard (points.squares + reference.squares).allSatisfy(\.isFinite) else {
            return Result(precision: .nan, recall: .nan, density: .nan, coverage: .nan)
        }
        let own = points.nearest([Self.supportNeighbours])[0]
        var inside = 0, held = 0
        // Of each reference point: the least squared distance of a sample, and how far outside the samples' balls it is.
        var nearest = [Float](repeating: .infinity, count: reference.count), outside = nearest
        nearest.withUnsafeMutableBufferPointer { nearest in
            outside.withUnsafeMutableBufferPointer { outside in
                points.forEachRow(to: reference) { row, squares in
                    let counts = Self.visit(squares, support, density, own[row], nearest, outside)
                    inside += counts.support > 0 ? 1 : 0
                    held += Int(counts.density)
                }
            }
        }
        let (n, m) = (Double(points.count), Double(reference.count))
        return Result(
            precision: Double(inside) / n, recall: Double(outside.count { $0 <= 0 }) / m,
            density: Double(held) / (Double(min(Self.densityNeighbours, reference.count - 1)) * n),
            coverage: Double(zip(nearest, density).count { $0 <= $1 }) / m)
    }

    /// Takes one sample in: how many balls of the reference hold it.
    private static func visit(
        _ squares: UnsafeMutableBufferPointer<Float>, _ support: [Float], _ density: [Float], _ own: Float,
        _ nearest: UnsafeMutableBufferPointer<Float>, _ outside: UnsafeMutableBufferPointer<Float>
    ) -> (support: Int32, density: Int32) {
        var (supportCount, densityCount) = (Int32(0), Int32(0))
        support.withUnsafeBufferPointer { support in
            density.withUnsafeBufferPointer { density in
                for index in 0..<squares.count {
                    let square = squares[index]
                    supportCount &+= square <= support[index] ? 1 : 0
                    densityCount &+= square <= density[index] ? 1 : 0
                    nearest[index] = square < nearest[index] ? square : nearest[index]
                    let excess = square - own
                    outside[index] = excess < outside[index] ? excess : outside[index]
                }
            }
        }
        return (supportCount, densityCount)
    }
}

extension Metric {
    /// The share of samples in the reference's support, on features.
    public static let precision = support("precision", place: 0)
    /// The share of the reference in the samples' support, on features.
    public static let recall = support("recall", place: 1)
    /// How many of the reference's balls hold a sample, on features.
    public static let density = support("density", place: 2)
    /// The share of the reference's balls that hold a sample, on features.
    public static let coverage = support("coverage", place: 3)

    private static func support(_ name: String, place: Int) -> Metric {
        Metric(name, comparing: .sets, on: .features, by: .supportOverlap, place: place)
    }
}

extension Scoring {
    fileprivate static let supportOverlap = Scoring("supportOverlap") { sizes in
        let (n, m) = (sizes.samples, sizes.reference)
        return (sizes.pair * m * m, sizes.pair * n * (n + m))
    } prepared: { reference in
        reference.set.map { set in
            let overlap = SupportOverlap(reference: set.features, dimension: set.width)
            return { samples in
                let shares = overlap(samples.features)
                return [shares.precision, shares.recall, shares.density, shares.coverage]
            }
        }
    }
}
