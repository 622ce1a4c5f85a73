import LinearAlgebra
import Tensors

/// The squared mean discrepancy under the kernel k(a, b) = (a·b / d + 1)³, without bias:
/// E k(X, X') + E k(Y, Y') - 2 E k(X, Y).
///
/// Pairs within a set leave out a sample with itself (the U-form), so two samples of one distribution give values around zero on
/// either side; they are not clipped. Zero of the distributions exactly when their moments up to the third agree. Source:
/// Bińkowski et al., arXiv 1801.01401, there on Inception's features (KID) and as the mean over subsets, here over all
/// pairs. Products in single precision, kernels and sums in double.
public struct KernelDistance: Sendable {
    private let reference: [Float]
    private let dimension: Int
    /// E k(Y, Y') of the reference.
    private let spread: Double

    /// Reference samples `[count × dimension]`, row-major, at least two, finite.
    public init(reference samples: [Float], dimension: Int) {
        (reference, self.dimension) = (samples, dimension)
        spread = Self.meanWithin(samples, dimension)
    }

    /// The distance of samples `[count × dimension]`, row-major, at least two; NaN where one is not finite.
    public func callAsFunction(_ samples: [Float]) -> Double {
        guard samples.allSatisfy(\.isFinite) else { return .nan }
        let pairs = Double(samples.count / dimension) * Double(reference.count / dimension)
        let between = Self.sum(samples, reference, dimension).all / pairs
        return Self.meanWithin(samples, dimension) + spread - 2 * between
    }

    private static func meanWithin(_ samples: [Float], _ dimension: Int) -> Double {
        let count = Double(samples.count / dimension)
        precondition(count >= 2, "a kernel distance of \(Int(count)) samples; two are needed")
        let sum = sum(samples, samples, dimension)
        return (sum.all - sum.diagonal) / (count * (count - 1))
    }

    /// The sum of the kernel over all pairs, and over those of the same place.
    private static func sum(_ first: [Float], _ second: [Float], _ dimension: Int) -> (all: Double, diagonal: Double) {
        let (scale, columns) = (1 / Double(dimension), second.count / dimension)
        var (all, diagonal) = (0.0, 0.0)
        withPairwiseProducts(of: first, with: second, dimension: dimension) { rows, products in
            for row in rows {
                let start = (row - rows.lowerBound) * columns
                // Eight sums side by side, so that the loop runs on vectors.
                var sums = SIMD8<Double>.zero
                for column in stride(from: 0, to: columns - 7, by: 8) {
                    var part = SIMD8<Float>.zero
                    for lane in 0..<8 { part[lane] = products[start + column + lane] }
                    let base = SIMD8<Double>(part) * scale + 1
                    sums += base * base * base
                }
                all += sums.sum()
                for column in (columns - columns % 8)..<columns {
                    let base = Double(products[start + column]) * scale + 1
                    all += base * base * base
                }
                if row < columns {
                    let base = Double(products[start + row]) * scale + 1
                    diagonal += base * base * base
                }
            }
        }
        return (all, diagonal)
    }
}

extension Metric {
    /// `KernelDistance`, on features.
    public static let kernelDistance = Metric(
        "kernelDistance", comparing: .sets, on: .features, isDistance: true, by: .kernelDistance)
}

extension Scoring {
    fileprivate static let kernelDistance = Scoring("kernelDistance") { sizes in
        let (n, m) = (sizes.samples, sizes.reference)
        return (sizes.pair * m * m, sizes.pair * n * (n + m))
    } comparing: { _, set in
        let distance = KernelDistance(reference: set.features, dimension: set.width)
        return { distance($0.features) }
    }
}
