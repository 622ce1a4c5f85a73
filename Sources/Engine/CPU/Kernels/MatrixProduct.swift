import CKernels
import LinearAlgebra
import Tensors

/// One matrix product by the engine's kernels or a library: out = a · b, all row-major, a and b possibly read transposed; by the
/// kernels with a bias added to each row.
struct MatrixProduct {
    private var rows, columns: Int32
    private let depth: Int32
    private var a, b: UnsafePointer<Float>
    private var out: UnsafeMutablePointer<Float>
    private var bias: UnsafePointer<Float>?
    private let transposesA, transposesB: Bool
    private let leadingA, leadingB, leadingOut: Int32
    private let method: ProductMethod
    /// Floats from one batch tile to the next in a and in the result.
    private var shiftA = 0, shiftOut = 0
    /// b as it is packed before the first batch tile.
    private var panels: UnsafeMutablePointer<Float>?

    /// - Parameters:
    ///   - viewA: its last two axes are a matrix [m, k]; likewise `viewB` [k, n].
    ///   - a: where the matrix begins; likewise `b`.
    ///   - out: [m, n] without gaps.
    ///   - bias: [n]; only where the method adds one.
    init(
        _ viewA: View, _ a: UnsafeMutablePointer<Float>, _ viewB: View, _ b: UnsafeMutablePointer<Float>,
        _ out: UnsafeMutablePointer<Float>, bias: UnsafePointer<Float>? = nil, _ precision: Precision
    ) {
        guard let layoutA = MatrixLayout(viewA), let layoutB = MatrixLayout(viewB) else {
            preconditionFailure("BLAS cannot read strides \(viewA.strides) or \(viewB.strides)")
        }
        rows = Int32(viewA.extents[viewA.extents.count - 2])
        depth = Int32(viewA.extents[viewA.extents.count - 1])
        columns = Int32(viewB.extents[viewB.extents.count - 1])
        method = ProductMethod(sides: [rows, columns, depth], precision)
        self.a = UnsafePointer(a)
        self.b = UnsafePointer(b)
        self.out = out
        self.bias = bias
        precondition(bias == nil || method.addsBias, "a library adds no bias")
        (transposesA, leadingA) = (layoutA.isTransposed, Int32(layoutA.leading))
        (transposesB, leadingB) = (layoutB.isTransposed, Int32(layoutB.leading))
        leadingOut = columns
    }

    /// One of equally large parts of the product, of its rows or its columns, whichever are more; nil where there is nothing left.
    func part(_ index: Int, of count: Int) -> MatrixProduct? {
        var part = self
        let isOfRows = rows >= columns
        // Whole vectors, and whole blocks of the libraries' kernels.
        let range = Chunk(index, of: count).range(of: Int(isOfRows ? rows : columns), inMultiplesOf: 16)
        if isOfRows {
            part.rows = Int32(range.count)
            part.a += range.lowerBound * (transposesA ? 1 : Int(leadingA))
            part.out += range.lowerBound * Int(leadingOut)
        } else {
            part.columns = Int32(range.count)
            part.b += range.lowerBound * (transposesB ? Int(leadingB) : 1)
            part.out += range.lowerBound
            part.bias = bias.map { $0 + range.lowerBound }
        }
        return range.isEmpty ? nil : part
    }

    /// The product of a batch tile of rows at a time, by what computes the whole.
    mutating func divide(into batchTiles: Int, shiftA: Int, shiftOut: Int) {
        rows /= Int32(batchTiles)
        (self.shiftA, self.shiftOut) = (shiftA, shiftOut)
    }

    /// Makes the product read b from `memory`, of `packedFloats` floats, where `pack` stores it.
    mutating func keepPacked(in memory: UnsafeMutablePointer<Float>) {
        panels = memory
    }

    /// Memory of b packed: in whole cache lines; 0 where a library packs.
    var packedFloats: Int { method.packedFloats(columns: Int(columns), depth: Int(depth)) }

    /// The same for the product of two matrices.
    static func packedFloats(_ a: View, _ b: View, _ precision: Precision) -> Int {
        ProductMethod(a, b, precision)
            .packedFloats(columns: b.extents[b.extents.count - 1], depth: b.extents[b.extents.count - 2])
    }

    func pack() {
        guard let panels, case .kernel(let kind) = method else { return }
        var product = content(0)
        ablate_matrix_pack(kind, &product, panels)
    }

    /// The same for a thread with memory of its own.
    func onThread(_ thread: Int, _ memory: Pass.TileMemory) -> MatrixProduct {
        var product = self
        product.a = memory.address(of: a, thread: thread)
        product.out = memory.address(of: out, thread: thread)
        return product
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
    func run(batchTile: Int) {
        let (a, out) = (a + batchTile * shiftA, out + batchTile * shiftOut)
        switch method {
        case .openBLAS:
            OpenBLAS.multiply(
                rows: rows, columns: columns, depth: depth, a, transposed: transposesA, leading: leadingA, b,
                transposed: transposesB, leading: leadingB, to: out, leading: leadingOut)
        case .oneDNN(let product):
            let (none, transposed) = (CChar(UInt8(ascii: "N")), CChar(UInt8(ascii: "T")))
            let status = product(
                transposesA ? transposed : none, transposesB ? transposed : none, Int(rows), Int(columns), Int(depth),
                1, a, Int(leadingA), b, Int(leadingB), 0, out, Int(leadingOut))
            precondition(status == 0, "oneDNN refuses a product \(extents)")
        case .kernel(let kind):
            var product = content(batchTile)
            ablate_matrix_run(kind, &product)
        }
    }

    /// Runs the product with the kernel of one instruction set; for tests.
    func run(batchTile: Int, on set: Int32) {
        guard case .kernel(let kind) = method else { return run(batchTile: batchTile) }
        var product = content(batchTile)
        ablate_matrix_run_on(set, kind, &product)
    }

    /// The product in the form that the kernels run.
    private func content(_ batchTile: Int) -> ablate_matrix_product {
        let (leadingA, leadingB) = (Int(leadingA), Int(leadingB))
        return ablate_matrix_product(
            m: Int(rows), n: Int(columns), k: Int(depth), a_row: transposesA ? 1 : leadingA,
            a_column: transposesA ? leadingA : 1, b_row: transposesB ? 1 : leadingB,
            b_column: transposesB ? leadingB : 1, out_row: Int(leadingOut), a: a + batchTile * shiftA,
            b: b, out: out + batchTile * shiftOut, bias: bias, panels: UnsafePointer(panels))
    }
}
