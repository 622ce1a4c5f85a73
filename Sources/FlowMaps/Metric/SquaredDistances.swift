import LinearAlgebra
import Tensors

/// The squared distances of points from each other by inner products, |x|² + |y|² - 2 x·y, in single precision.
///
/// Points are centred before, so that a common shift costs no digits; rounding leaves about 10⁻⁶ of the points' squared
/// size in a squared distance.
struct SquaredDistances {
    /// Row-major `[count × dimension]`.
    let points: [Float]
    /// |x|², `[count]`.
    let squares: [Float]
    let dimension: Int
    var count: Int { squares.count }

    /// - Parameter origin: `[dimension]`, taken off every point.
    init(_ samples: [Float], around origin: [Float]) {
        dimension = origin.count
        precondition(
            !origin.isEmpty && samples.count.isMultiple(of: origin.count),
            "samples of dimension \(origin.count), given \(samples.count) numbers")
        var points = samples, squares = [Float](repeating: 0, count: samples.count / origin.count)
        for row in squares.indices {
            var sum = Float(0)
            for axis in origin.indices {
                let value = points[row * origin.count + axis] - origin[axis]
                points[row * origin.count + axis] = value
                sum += value * value
            }
            squares[row] = sum
        }
        (self.points, self.squares) = (points, squares)
    }

    /// Calls `body` with each row and its squared distances, not negative, from the other points, `[other.count]`.
    func forEachRow(to other: SquaredDistances, _ body: (Int, UnsafeMutableBufferPointer<Float>) -> Void) {
        let columns = other.count
        withUnsafeTemporaryAllocation(of: Float.self, capacity: columns) { room in
            other.squares.withUnsafeBufferPointer { otherSquares in
                withPairwiseProducts(of: points, with: other.points, dimension: dimension) { rows, products in
                    for row in rows {
                        let (start, own) = ((row - rows.lowerBound) * columns, squares[row])
                        for column in 0..<columns {
                            let square = own + otherSquares[column] - 2 * products[start + column]
                            room[column] = square > 0 ? square : 0
                        }
                        body(row, room)
                    }
                }
            }
        }
    }

    /// The squared distance of each point from its k-th nearest other one, for each k: `[counts.count][count]`.
    ///
    /// With fewer than k others, the farthest.
    func nearest(_ counts: [Int]) -> [[Float]] {
        let most = counts.max()!
        var result = counts.map { _ in [Float](repeating: 0, count: count) }
        var least = [Float](repeating: .infinity, count: most)
        forEachRow(to: self) { row, squares in
            // A point is no neighbour of its own.
            squares[row] = .infinity
            for place in 0..<most { least[place] = .infinity }
            for value in squares where value < least[most - 1] {
                var place = most - 1
                while place > 0, least[place - 1] > value {
                    least[place] = least[place - 1]
                    place -= 1
                }
                least[place] = value
            }
            for (index, k) in counts.enumerated() { result[index][row] = least[min(k, count - 1) - 1] }
        }
        return result
    }
}

extension Array<Float> {
    /// The mean of samples `[count × dimension]`, row-major, at least one.
    func meanSample(dimension: Int) -> [Float] {
        var sums = [Double](repeating: 0, count: dimension)
        for start in stride(from: 0, to: count, by: dimension) {
            for axis in 0..<dimension { sums[axis] += Double(self[start + axis]) }
        }
        return sums.map { Float($0 * Double(dimension) / Double(count)) }
    }
}
