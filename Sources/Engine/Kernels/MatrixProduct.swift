import COpenBLAS

/// One call of a library: out = a · b, all row-major, a and b possibly read transposed.
struct MatrixProduct {
    private let rows, columns, depth: Int32
    private let a, b: UnsafePointer<Float>
    private let out: UnsafeMutablePointer<Float>
    private let transposesA, transposesB: Bool
    private let leadingA, leadingB: Int32
    /// What runs the product; nil is OpenBLAS.
    private let oneDNN: OneDNN.Product?

    /// - Parameters:
    ///   - viewA: its last two axes are a matrix [m, k]; likewise `viewB` [k, n].
    ///   - a: where the matrix begins; likewise `b`.
    ///   - out: [m, n] without gaps.
    init(
        _ viewA: View, _ a: UnsafeMutablePointer<Float>, _ viewB: View, _ b: UnsafeMutablePointer<Float>,
        _ out: UnsafeMutablePointer<Float>
    ) {
        guard let layoutA = MatrixLayout(viewA), let layoutB = MatrixLayout(viewB) else {
            preconditionFailure("BLAS cannot read strides \(viewA.strides) or \(viewB.strides)")
        }
        rows = Int32(viewA.extents[viewA.extents.count - 2])
        depth = Int32(viewA.extents[viewA.extents.count - 1])
        columns = Int32(viewB.extents[viewB.extents.count - 1])
        oneDNN = min(rows, columns) >= OneDNN.smallestSide ? OneDNN.product : nil
        self.a = UnsafePointer(a)
        self.b = UnsafePointer(b)
        self.out = out
        (transposesA, leadingA) = (layoutA.isTransposed, Int32(layoutA.leading))
        (transposesB, leadingB) = (layoutB.isTransposed, Int32(layoutB.leading))
    }

    /// Offsets of the matrices of a batch, over the leading axes: in a, in b, and in the result without gaps.
    static func batches(_ a: View, _ b: View) -> [(a: Int, b: Int, out: Int)] {
        let leading = a.extents.dropLast(2)
        let size = a.extents[a.extents.count - 2] * b.extents[b.extents.count - 1]
        return (0..<leading.reduce(1, *)).map { index in
            var rest = index, offsetA = 0, offsetB = 0
            for axis in leading.indices.reversed() {
                let position = rest % leading[axis]
                rest /= leading[axis]
                offsetA += position * a.strides[axis]
                offsetB += position * b.strides[axis]
            }
            return (offsetA, offsetB, index * size)
        }
    }

    /// "m×n×k", with a stroke for an operand that is read transposed.
    var extents: String { "\(rows)\(transposesA ? "'" : "")×\(columns)\(transposesB ? "'" : "")×\(depth)" }

    /// Multiplications and additions, and bytes read and written.
    var cost: (operations: Double, bytes: Double) {
        let (m, n, k) = (Double(rows), Double(columns), Double(depth))
        return (2 * m * n * k, 4 * (m * k + k * n + m * n))
    }

    @inline(__always)
    func run() {
        if let oneDNN {
            let (none, transposed) = (CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "T")))
            let status = oneDNN(
                transposesA ? transposed : none, transposesB ? transposed : none, Int(rows), Int(columns), Int(depth),
                1, a,
                Int(leadingA), b, Int(leadingB), 0, out, Int(columns))
            precondition(status == 0, "oneDNN refuses a product \(extents)")
            return
        }
        cblas_sgemm(
            CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans, transposesB ? CblasTrans : CblasNoTrans,
            rows, columns, depth, 1, a, leadingA, b, leadingB, 0, out, columns)
    }
}
