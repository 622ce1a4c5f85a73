import COpenBLAS

/// The eigenvalues and eigenvectors of a real symmetric matrix, in double precision: A = Σⱼ λⱼ vⱼ vⱼᵀ.
///
/// Matrices are row-major `[size × size]`. Only the lower triangle of the input is read.
package struct SymmetricEigen: Sendable {
    /// The number of rows, and of columns.
    package let size: Int
    /// The eigenvalues λ, ascending, `[size]`.
    package let values: [Double]
    /// The unit eigenvectors, `[size × size]`: **row** j is the eigenvector of `values[j]`.
    package let vectors: [Double]

    /// Decomposes a symmetric matrix `[size × size]` of finite numbers.
    package init(of matrix: [Double], size: Int) {
        var vectors = matrix
        values = Self.decompose(&vectors, size: size, job: "V")
        self.size = size
        self.vectors = vectors
    }

    /// The eigenvalues alone, ascending; cheaper than the whole decomposition.
    package static func values(of matrix: [Double], size: Int) -> [Double] {
        var work = matrix
        return decompose(&work, size: size, job: "N")
    }

    /// f(A) = Σⱼ f(λⱼ) vⱼ vⱼᵀ, row-major.
    package func applying(_ function: (Double) -> Double) -> [Double] {
        var scaled = vectors
        for row in 0..<size {
            let factor = function(values[row])
            for column in 0..<size { scaled[row * size + column] *= factor }
        }
        return product(scaled, transposed: true, vectors, size: size)
    }

    private static func decompose(_ matrix: inout [Double], size: Int, job: Character) -> [Double] {
        precondition(
            size > 0 && matrix.count == size * size,
            "the eigenvalues of a [\(size), \(size)] matrix, given \(matrix.count) numbers")
        precondition(matrix.allSatisfy(\.isFinite), "the eigenvalues of a matrix with a number that is not finite")
        OpenBLAS.useOneThread()
        // LAPACK is column-major: for a symmetric matrix our lower triangle is its upper one, and its eigenvector
        // columns are our rows.
        var (job, triangle) = (CChar(job.asciiValue!), CChar(UInt8(ascii: "U")))
        var (order, status) = (Int32(size), Int32(0))
        var (query, integerQuery, unknown) = (0.0, Int32(0), Int32(-1))
        var values = [Double](repeating: 0, count: size)
        dsyevd_(
            &job, &triangle, &order, &matrix, &order, &values, &query, &unknown, &integerQuery, &unknown, &status)
        var (length, integerLength) = (Int32(query), integerQuery)
        var work = [Double](repeating: 0, count: Int(length))
        var integerWork = [Int32](repeating: 0, count: Int(integerLength))
        dsyevd_(
            &job, &triangle, &order, &matrix, &order, &values, &work, &length, &integerWork, &integerLength, &status)
        precondition(status == 0, "dsyevd on a [\(size), \(size)] matrix ended with status \(status)")
        return values
    }
}

/// The symmetric square root A^½ of a positive semi-definite matrix `[size × size]`, row-major.
///
/// Eigenvalues below zero, which rounding leaves in singular matrices, count as zero.
package func symmetricSquareRoot(_ matrix: [Double], size: Int) -> [Double] {
    SymmetricEigen(of: matrix, size: size).applying { max($0, 0).squareRoot() }
}

/// Tr (R B R)^½ for symmetric positive semi-definite R and B `[size × size]`, row-major.
///
/// With R = A^½ this is Tr (A B)^½, the cross term of the distance between two Gaussians. Eigenvalues below zero count
/// as zero.
package func traceOfSquareRoot(of matrix: [Double], between root: [Double], size: Int) -> Double {
    let inner = product(product(root, matrix, size: size), root, size: size)
    return SymmetricEigen.values(of: inner, size: size).reduce(0) { $0 + max($1, 0).squareRoot() }
}

/// first · second, or firstᵀ · second, of row-major `[size × size]` matrices.
private func product(_ first: [Double], transposed: Bool = false, _ second: [Double], size: Int) -> [Double] {
    precondition(
        first.count == size * size && second.count == size * size,
        "the product of [\(size), \(size)] matrices, given \(first.count) and \(second.count) numbers")
    OpenBLAS.useOneThread()
    var result = [Double](repeating: 0, count: size * size)
    let order = Int32(size)
    cblas_dgemm(
        CblasRowMajor, transposed ? CblasTrans : CblasNoTrans, CblasNoTrans, order, order, order, 1, first, order,
        second, order, 0, &result, order)
    return result
}
