import Foundation

/// The squared maximum mean discrepancy (MMD²) under a sum of Gaussian kernels, without bias:
/// E k(X, X') + E k(Y, Y') - 2 E k(X, Y), k(a, b) = Σ exp(-|a - b|² / 2σ²) / 5.
///
/// The five widths σ are 2, 1, ½, ¼ and ⅛ of the median distance between two points of the reference, over its first
/// thousand points. Pairs within a set leave out a sample with itself (the U-form): two samples of one distribution
/// give values around zero on either side, not clipped. The distributions' value is zero exactly when they agree.
/// Time grows with the product of the counts. Source: Gretton et al., "A kernel two-sample test", 2012.
public struct MeanDiscrepancy: Sendable {
    /// The widest of the widths σ.
    public let width: Double
    private let reference: [Double]
    private let dimension: Int
    /// E k(Y, Y') of the reference.
    private let spread: Double

    /// Widths, each half of the one before.
    static let widthCount = 5
    /// The number of reference points from which the median is taken.
    private static let medianCount = 1000

    /// Reference samples `[count × dimension]`, row-major, at least two; where half of them
    /// are one point, no width is left and every discrepancy is NaN.
    public init(reference samples: [Float], dimension: Int) {
        self.dimension = dimension
        reference = samples.map(Double.init)
        width = 2 * Self.medianDistance(Array(reference.prefix(Self.medianCount * dimension)), dimension)
        spread = width > 0 ? Self.meanWithin(reference, dimension, width) : .nan
    }

    /// The discrepancy of samples `[count × dimension]`, row-major, at least two; NaN where one is not finite.
    public func callAsFunction(_ samples: [Float]) -> Double {
        guard width > 0, samples.allSatisfy(\.isFinite) else { return .nan }
        let points = samples.map(Double.init)
        let pairs = Double(points.count / dimension) * Double(reference.count / dimension)
        let between = Self.sum(points, reference, dimension, width) { _ in 0 } / pairs
        return Self.meanWithin(points, dimension, width) + spread - 2 * between
    }

    private static func medianDistance(_ points: [Double], _ dimension: Int) -> Double {
        let count = points.count / dimension
        var squares: [Double] = []
        squares.reserveCapacity(count * (count - 1) / 2)
        for i in 0..<count {
            for j in 0..<i { squares.append(square(points, i, points, j, dimension)) }
        }
        precondition(!squares.isEmpty, "a median distance of \(count) samples; two are needed")
        squares.sort()
        return squares[squares.count / 2].squareRoot()
    }

    private static func meanWithin(_ points: [Double], _ dimension: Int, _ width: Double) -> Double {
        let count = Double(points.count / dimension)
        precondition(count >= 2, "a mean discrepancy of \(Int(count)) samples; two are needed")
        return 2 * sum(points, points, dimension, width) { $0 + 1 } / (count * (count - 1))
    }

    /// The sum of the kernel over all i and all j from `start(i)` on.
    private static func sum(
        _ first: [Double], _ second: [Double], _ dimension: Int, _ width: Double, from start: (Int) -> Int
    ) -> Double {
        let (n, m) = (first.count / dimension, second.count / dimension)
        let exponent = -1 / (2 * width * width)
        var total = 0.0
        for i in 0..<n {
            var sum = 0.0
            for j in start(i)..<max(m, start(i)) {
                // Half the width is the fourth power.
                var kernel = exp(exponent * square(first, i, second, j, dimension))
                for _ in 1..<widthCount {
                    sum += kernel
                    kernel *= kernel
                    kernel *= kernel
                }
                sum += kernel
            }
            total += sum
        }
        return total / Double(widthCount)
    }

    @inline(__always)
    private static func square(_ first: [Double], _ i: Int, _ second: [Double], _ j: Int, _ dimension: Int) -> Double {
        var sum = 0.0
        for axis in 0..<dimension {
            let difference = first[i * dimension + axis] - second[j * dimension + axis]
            sum += difference * difference
        }
        return sum
    }
}

extension Metric {
    /// `MeanDiscrepancy`, on samples; in the plane.
    public static let meanDiscrepancy = Metric(
        "meanDiscrepancy", comparing: .sets, on: .samples, needs: .plane, by: .meanDiscrepancy)
}

extension Scoring {
    /// Five kernels of each distance.
    fileprivate static let meanDiscrepancy = Scoring("meanDiscrepancy") {
        $0.distances(times: 5)
    } comparing: { _, set in
        let discrepancy = MeanDiscrepancy(reference: set.samples, dimension: set.dimension)
        return { discrepancy($0.samples) }
    }
}
