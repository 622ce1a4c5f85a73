import LinearAlgebra
import Tensors
import Foundation

/// The sliced Wasserstein distance SW₂ = (mean over directions θ of W₂²(θ·X, θ·Y))^½, not squared.
///
/// W₂ in one dimension compares the quantile functions, exactly also for unequal counts. Zero exactly when all the
/// projections agree. Two samples of n points from one distribution are apart by about n^-½. Source: Bonneel et al., "Sliced and
/// Radon Wasserstein barycenters of measures", 2015.
public struct SlicedWasserstein: Sendable {
    /// The numbers in one sample.
    public let dimension: Int
    /// The unit directions, row-major `[directionCount × dimension]`, the same in every run.
    ///
    /// In the plane: equally spaced angles in [0, π), a quadrature without projection noise. Elsewhere: normal draws of
    /// a fixed key, scaled to unit length.
    public let directions: [Double]
    /// The reference's projections `[directionCount × count]`, each row ascending.
    private let reference: [Double]

    /// Projects and sorts the reference samples `[count × dimension]`, row-major, at least one.
    public init(reference samples: [Float], dimension: Int, directionCount: Int) {
        precondition(directionCount > 0 && !samples.isEmpty, "\(directionCount) directions, \(samples.count) numbers")
        self.dimension = dimension
        directions = Self.directions(directionCount, dimension: dimension)
        reference = Self.sortedProjections(samples, on: directions, dimension: dimension)
    }

    /// The distance of samples `[count × dimension]`, row-major, from the reference; not finite where a sample
    /// is not.
    public func callAsFunction(_ samples: [Float]) -> Double {
        precondition(!samples.isEmpty, "a sliced Wasserstein distance of no samples")
        let projected = Self.sortedProjections(samples, on: directions, dimension: dimension)
        let directionCount = directions.count / dimension
        var total = 0.0
        projected.withUnsafeBufferPointer { projected in
            reference.withUnsafeBufferPointer { reference in
                let (row, other) = (projected.count / directionCount, reference.count / directionCount)
                for direction in 0..<directionCount {
                    total += squaredDistance(
                        UnsafeBufferPointer(rebasing: projected[direction * row..<(direction + 1) * row]),
                        UnsafeBufferPointer(rebasing: reference[direction * other..<(direction + 1) * other]))
                }
            }
        }
        return (total / Double(directionCount)).squareRoot()
    }

    private static func directions(_ count: Int, dimension: Int) -> [Double] {
        if dimension == 2 {
            return (0..<count).flatMap { index in
                let angle = Double.pi * Double(index) / Double(count)
                return [cos(angle), sin(angle)]
            }
        }
        let key = RandomKey(seed: 0).folding("sliced Wasserstein directions")
        return (0..<count).flatMap { index in
            let draw = key.folding(index).normal(count: dimension).map(Double.init)
            let length = draw.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return draw.map { $0 / length }
        }
    }

    private static func sortedProjections(_ samples: [Float], on directions: [Double], dimension: Int) -> [Double] {
        var projected = projections(of: samples, on: directions, dimension: dimension)
        sortRows(of: &projected, rowLength: samples.count / dimension)
        return projected
    }
}

/// W₂² of two sorted samples: the integral over u in (0, 1) of the squared difference of their quantile functions.
///
/// Both are steps, at multiples of 1/n and 1/m; `place` is u · n · m, a whole number at every step.
private func squaredDistance(_ first: UnsafeBufferPointer<Double>, _ second: UnsafeBufferPointer<Double>) -> Double {
    let (n, m) = (first.count, second.count)
    var (i, j, place, total) = (0, 0, 0, 0.0)
    while i < n && j < m {
        let (firstEnd, secondEnd) = ((i + 1) * m, (j + 1) * n)
        let next = min(firstEnd, secondEnd)
        let difference = first[i] - second[j]
        total += Double(next - place) * difference * difference
        place = next
        if firstEnd == next { i += 1 }
        if secondEnd == next { j += 1 }
    }
    return total / (Double(n) * Double(m))
}

extension Metric {
    /// `SlicedWasserstein`, on samples.
    public static let slicedWasserstein = Metric(
        "slicedWasserstein", comparing: .sets, on: .samples, isDistance: true, by: .slicedWasserstein)
}

extension Scoring {
    fileprivate static let slicedWasserstein = Scoring("slicedWasserstein") { sizes in
        func sorted(_ count: Double) -> Double {
            sizes.projections * count * (2 * sizes.dimension + 10 * log2(max(count, 2)))
        }
        return (sorted(sizes.reference), sorted(sizes.samples))
    } comparing: { reference, set in
        let distance = SlicedWasserstein(
            reference: set.samples, dimension: set.dimension, directionCount: reference.projections)
        return { distance($0.samples) }
    }
}
