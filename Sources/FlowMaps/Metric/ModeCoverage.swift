/// The spread of samples over the modes of a mixture of Gaussians with one standard deviation σ on every axis.
///
/// A sample belongs to the nearest mode if it lies within 3σ of it. In the plane the mixture itself has 1 - exp(-9/2)
/// = 0.989 of its samples there.
public struct ModeCoverage: Sendable {
    /// The coverage of a set of samples.
    public struct Result: Sendable, Hashable {
        /// The modes that received at least 20 samples and at least 5% of those expected.
        public let coveredModes: Int
        /// The share of samples within 3σ of a mode.
        public let highQualityShare: Double
        /// Half of Σ |share of mode k among the assigned samples - weight k|, from 0 to 1; 1 where none is assigned.
        public let totalVariation: Double
    }

    /// The largest distance of a sample from its mode, in standard deviations.
    public static let radius = 3.0
    /// The fewest samples that cover a mode.
    public static let leastCount = 20
    /// The least share of the expected samples that covers a mode.
    public static let leastShare = 0.05

    /// The modes' means, row-major `[modeCount × dimension]`.
    public let means: [Double]
    /// The modes' weights, which sum to one, `[modeCount]`.
    public let weights: [Double]
    /// σ, on every axis.
    public let standardDeviation: Double

    /// The length of one sample.
    public var dimension: Int { means.count / weights.count }

    /// A mixture of means `[modeCount × dimension]`, row-major, with weights `[modeCount]` that sum to one.
    public init(means: [Double], weights: [Double], standardDeviation: Double) {
        precondition(
            !weights.isEmpty && !means.isEmpty && means.count.isMultiple(of: weights.count),
            "means of \(means.count) numbers with \(weights.count) weights")
        // A thousand roundings of double precision.
        precondition(abs(weights.reduce(0, +) - 1) < 1e-12, "weights that sum to \(weights.reduce(0, +)), not to one")
        precondition(standardDeviation > 0, "modes of standard deviation \(standardDeviation)")
        self.means = means
        self.weights = weights
        self.standardDeviation = standardDeviation
    }

    /// The coverage of samples `[count × dimension]`, row-major, at least one; a sample that is not finite belongs to
    /// no mode.
    public func callAsFunction(_ samples: [Float]) -> Result {
        precondition(
            !samples.isEmpty && samples.count.isMultiple(of: dimension),
            "samples of dimension \(dimension), given \(samples.count) numbers")
        let count = samples.count / dimension
        var received = [Int](repeating: 0, count: weights.count)
        for index in 0..<count {
            if let mode = mode(of: samples[index * dimension..<(index + 1) * dimension]) { received[mode] += 1 }
        }
        let assigned = received.reduce(0, +)
        let covered = zip(received, weights).count { received, weight in
            received >= Self.leastCount && Double(received) >= Self.leastShare * weight * Double(count)
        }
        let gap = zip(received, weights).reduce(0.0) { $0 + abs(Double($1.0) / Double(assigned) - $1.1) }
        return Result(
            coveredModes: covered, highQualityShare: Double(assigned) / Double(count),
            totalVariation: assigned == 0 ? 1 : gap / 2)
    }

    /// The nearest mode, if it is within reach.
    private func mode(of sample: ArraySlice<Float>) -> Int? {
        let reach = Self.radius * standardDeviation
        var (nearest, least) = (Int?.none, reach * reach)
        for mode in weights.indices {
            var square = 0.0
            for axis in 0..<dimension {
                let difference = Double(sample[sample.startIndex + axis]) - means[mode * dimension + axis]
                square += difference * difference
            }
            if square <= least { (nearest, least) = (mode, square) }
        }
        return nearest
    }
}

extension Metric {
    /// The modes that samples cover.
    public static let coveredModes = modes("coveredModes", place: 0)
    /// The share of samples near a mode.
    public static let highQualityShare = modes("highQualityShare", place: 1)
    /// How far the modes' shares are from their weights.
    public static let modeVariation = modes("modeVariation", place: 2)

    private static func modes(_ name: String, place: Int) -> Metric {
        Metric(name, comparing: .none, on: .samples, needs: .modes, by: .modeCoverage, place: place)
    }
}

extension Scoring {
    fileprivate static let modeCoverage = Scoring("modeCoverage") { reference in
        reference.modes.map { modes in
            { samples in
                let result = modes(samples.samples)
                return [Double(result.coveredModes), result.highQualityShare, result.totalVariation]
            }
        }
    }
}
