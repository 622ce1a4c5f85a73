/// The energy distance 2 E|X - Y| - E|X - X'| - E|Y - Y'|, without bias.
///
/// Pairs within a set leave out a sample with itself (the U-form), so two samples of one distribution give values around zero on
/// either side; they are not clipped. The distribution's value is zero exactly when the distributions agree. Time grows with the product
/// of the counts. Source: Székely and Rizzo, "Energy statistics", 2013.
public struct EnergyDistance: Sendable {
    /// The numbers in one sample.
    public let dimension: Int
    /// The reference, by coordinate: `[dimension × count]`.
    private let reference: [Double]
    /// E|Y - Y'| of the reference.
    private let spread: Double

    /// Reference samples `[count × dimension]`, row-major; at least two.
    public init(reference samples: [Float], dimension: Int) {
        self.dimension = dimension
        reference = byCoordinate(samples, dimension: dimension)
        spread = meanWithin(reference, dimension: dimension)
    }

    /// The distance of samples `[count × dimension]`, row-major, at least two, from the reference; NaN where one is not
    /// finite.
    public func callAsFunction(_ samples: [Float]) -> Double {
        let points = byCoordinate(samples, dimension: dimension)
        let pairs = Double(points.count / dimension) * Double(reference.count / dimension)
        let between = sumOfDistances(points, reference, dimension: dimension) / pairs
        return 2 * between - meanWithin(points, dimension: dimension) - spread
    }
}

/// Row-major samples `[count × dimension]` to `[dimension × count]`, so that loops over samples run on vectors.
private func byCoordinate(_ samples: [Float], dimension: Int) -> [Double] {
    precondition(
        dimension > 0 && samples.count.isMultiple(of: dimension) && samples.count >= 2 * dimension,
        "at least two samples of dimension \(dimension), given \(samples.count) numbers")
    let count = samples.count / dimension
    var result = [Double](repeating: 0, count: samples.count)
    for row in 0..<count {
        for axis in 0..<dimension { result[axis * count + row] = Double(samples[row * dimension + axis]) }
    }
    return result
}

/// The mean distance of two different samples.
private func meanWithin(_ points: [Double], dimension: Int) -> Double {
    let count = Double(points.count / dimension)
    return 2 * sumOfDistances(points, points, dimension: dimension) { $0 + 1 } / (count * (count - 1))
}

/// The sum of |xᵢ - yⱼ| over all i and all j from `start(i)` on, of points `[dimension × count]`.
///
/// Each j has a sum of its own until the end, so that the loops over j run on vectors.
private func sumOfDistances(
    _ first: [Double], _ second: [Double], dimension: Int, from start: (Int) -> Int = { _ in 0 }
) -> Double {
    let (n, m) = (first.count / dimension, second.count / dimension)
    var sums = [Double](repeating: 0, count: m)
    var squares = [Double](repeating: 0, count: m)
    sums.withUnsafeMutableBufferPointer { sums in
        squares.withUnsafeMutableBufferPointer { squares in
            for i in 0..<n {
                let start = start(i)
                for j in start..<m { squares[j] = 0 }
                for axis in 0..<dimension {
                    let (x, row) = (first[axis * n + i], second.span.extracting(axis * m..<(axis + 1) * m))
                    for j in start..<m {
                        let difference = x - row[j]
                        squares[j] += difference * difference
                    }
                }
                for j in start..<m { sums[j] += squares[j].squareRoot() }
            }
        }
    }
    return sums.reduce(0, +)
}

extension Metric {
    /// `EnergyDistance`, on samples; in the plane.
    public static let energyDistance = Metric(
        "energyDistance", comparing: .sets, on: .samples, needs: .plane, isDistance: true, by: .energyDistance)
}

extension Scoring {
    fileprivate static let energyDistance = Scoring("energyDistance") {
        $0.distances(times: 1)
    } comparing: { _, set in
        let distance = EnergyDistance(reference: set.samples, dimension: set.dimension)
        return { distance($0.samples) }
    }
}
