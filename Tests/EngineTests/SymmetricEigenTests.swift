import CPU
import LinearAlgebra
import Tensors
import TestSupport
import Testing

@Suite("Symmetric eigenproblems and covariance")
struct SymmetricEigenTests {
    /// A few hundred roundings of double precision at magnitudes near one.
    private let rounding = 1e-12

    /// A symmetric positive definite matrix G Gᵀ / n + I / 10 with normal G.
    private func positive(_ size: Int, seed: UInt64) -> [Double] {
        let draw = RandomKey(seed: seed).normal(count: size * size).map(Double.init)
        var result = [Double](repeating: 0, count: size * size)
        for row in 0..<size {
            for column in 0..<size {
                let dot = (0..<size).reduce(0.0) { $0 + draw[row * size + $1] * draw[column * size + $1] }
                result[row * size + column] = dot / Double(size) + (row == column ? 0.1 : 0)
            }
        }
        return result
    }

    private func product(_ first: [Double], _ second: [Double], _ size: Int) -> [Double] {
        (0..<size * size).map { place in
            (0..<size).reduce(0.0) { $0 + first[place / size * size + $1] * second[$1 * size + place % size] }
        }
    }

    private func largestGap(_ first: [Double], _ second: [Double]) -> Double {
        zip(first, second).map { abs($0 - $1) }.max() ?? .infinity
    }

    @Test("a two by two matrix has its known eigenvalues, and eigenvectors in rows")
    func twoByTwo() {
        let eigen = SymmetricEigen(of: [2, 1, 1, 2], size: 2)
        #expect(largestGap(eigen.values, [1, 3]) < rounding)
        let half = 0.5.squareRoot()
        #expect(abs(abs(eigen.vectors[2]) - half) < rounding)
        #expect(abs(eigen.vectors[2] - eigen.vectors[3]) < rounding)
        #expect(abs(eigen.vectors[0] + eigen.vectors[1]) < rounding)
    }

    @Test("only the lower triangle is read")
    func lowerTriangle() {
        #expect(largestGap(SymmetricEigen.values(of: [2, 99, 1, 2], size: 2), [1, 3]) < rounding)
    }

    @Test("each row of the vectors satisfies A v = λ v, and the rows are orthonormal", arguments: [1, 3, 20])
    func equation(size: Int) {
        let matrix = positive(size, seed: 1)
        let eigen = SymmetricEigen(of: matrix, size: size)
        #expect(mismatch(eigen.values, eigen.values.sorted()) == nil)
        #expect(largestGap(eigen.values, SymmetricEigen.values(of: matrix, size: size)) < rounding)
        for row in 0..<size {
            let vector = Array(eigen.vectors[row * size..<(row + 1) * size])
            let image = (0..<size).map { line in
                (0..<size).reduce(0.0) { $0 + matrix[line * size + $1] * vector[$1] }
            }
            #expect(largestGap(image, vector.map { $0 * eigen.values[row] }) < rounding)
            for other in 0..<size {
                let dot = (0..<size).reduce(0.0) { $0 + vector[$1] * eigen.vectors[other * size + $1] }
                #expect(abs(dot - (row == other ? 1 : 0)) < rounding)
            }
        }
        #expect(largestGap(eigen.applying { $0 }, matrix) < rounding)
    }

    @Test("the square root squares to the matrix and is symmetric")
    func squareRoot() {
        let matrix = positive(12, seed: 2)
        let root = symmetricSquareRoot(matrix, size: 12)
        #expect(largestGap(product(root, root, 12), matrix) < rounding)
        #expect(largestGap(root, (0..<144).map { root[$0 % 12 * 12 + $0 / 12] }) < rounding)
    }

    @Test("an eigenvalue below zero counts as zero in the square root")
    func negative() {
        #expect(largestGap(symmetricSquareRoot([-1, 0, 0, 4], size: 2), [0, 0, 0, 2]) < rounding)
    }

    @Test("the trace of the root of a product of commuting matrices is the sum of the roots")
    func traceOfRoot() {
        let root = symmetricSquareRoot([4, 0, 0, 9], size: 2)
        #expect(abs(traceOfSquareRoot(of: [16, 0, 0, 25], between: root, size: 2) - (2 * 4 + 3 * 5)) < rounding)
    }

    @Test("a refused shape names itself")
    func refused() async {
        await #expect(processExitsWith: .failure) { _ = SymmetricEigen(of: [1, 2, 3], size: 2) }
        await #expect(processExitsWith: .failure) { _ = SymmetricEigen(of: [.nan], size: 1) }
    }

    @Test("mean and covariance of four points are the ones worked out by hand")
    func covariance() {
        // Columns (1, 3, 5, 7) and (2, 2, 4, 0): deviations (-3, -1, 1, 3) and (0, 0, 2, -2); sums of products
        // 20, -4 and 8, over three.
        let moments = meanAndCovariance(of: [1, 2, 3, 2, 5, 4, 7, 0], dimension: 2)
        #expect(moments.mean == [4, 2])
        #expect(largestGap(moments.covariance, [20.0 / 3, -4.0 / 3, -4.0 / 3, 8.0 / 3]) < rounding)
    }

    @Test("projections are row by row the inner products with each direction")
    func projecting() {
        let result = projections(of: [1, 2, 3, 4, 5, 6], on: [1, 0, 0, 1, 1, -1], dimension: 2)
        #expect(largestGap(result, [1, 3, 5, 2, 4, 6, -1, -1, -1]) < rounding)
    }
}
