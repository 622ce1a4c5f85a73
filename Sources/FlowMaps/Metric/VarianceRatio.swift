/// The total variance of samples over that of a reference: below 1 where samples shrink or collapse, 0 when all are one.
public struct VarianceRatio: Sendable {
    private let dimension: Int
    private let reference: Double

    /// Reference samples `[count × dimension]`, row-major, at least two.
    public init(reference samples: [Float], dimension: Int) {
        self.dimension = dimension
        reference = Self.totalVariance(samples, dimension)
    }

    /// The ratio for samples `[count × dimension]`, row-major, at least two; NaN where one is not finite.
    public func callAsFunction(_ samples: [Float]) -> Double {
        samples.allSatisfy(\.isFinite) ? Self.totalVariance(samples, dimension) / reference : .nan
    }

    /// The sum over axes of the variances, which divide by count - 1.
    private static func totalVariance(_ samples: [Float], _ dimension: Int) -> Double {
        let count = samples.count / dimension
        precondition(
            count >= 2 && samples.count == count * dimension,
            "a variance of dimension \(dimension), given \(samples.count) numbers")
        var mean = [Double](repeating: 0, count: dimension)
        for row in 0..<count {
            for axis in 0..<dimension { mean[axis] += Double(samples[row * dimension + axis]) / Double(count) }
        }
        var total = 0.0
        for row in 0..<count {
            for axis in 0..<dimension {
                let difference = Double(samples[row * dimension + axis]) - mean[axis]
                total += difference * difference
            }
        }
        return total / Double(count - 1)
    }
}

extension Metric {
    /// `VarianceRatio`, on samples.
    public static let varianceRatio = Metric(
        "varianceRatio", comparing: .sets, on: .samples,
        by: Scoring("varianceRatio") { _, set in
            let ratio = VarianceRatio(reference: set.samples, dimension: set.dimension)
            return { ratio($0.samples) }
        })
}
