import CKernels

/// The inner products of every row of `first` with every row of `second`, some rows at a time.
///
/// Both are row-major `[count × dimension]` in single precision. `body` receives a range of rows of `first` and their
/// products `[rows.count × second's count]`, row-major, valid until it returns.
package func withPairwiseProducts(
    of first: [Float], with second: [Float], dimension: Int,
    _ body: (_ rows: Range<Int>, _ products: UnsafeBufferPointer<Float>) -> Void
) {
    precondition(
        dimension > 0 && first.count.isMultiple(of: dimension) && second.count.isMultiple(of: dimension),
        "rows of dimension \(dimension), given \(first.count) and \(second.count) numbers")
    let (n, m) = (first.count / dimension, second.count / dimension)
    guard n > 0, m > 0 else { return }
    let packed = ablate_matrix_packed_floats(ABLATE_MATRIX_FLOAT32, m, dimension)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: packed + rowsAtATime * m) { room in
        let panels = room.baseAddress!, products = panels + packed
        first.withUnsafeBufferPointer { rows in
            second.withUnsafeBufferPointer { columns in
                var product = ablate_matrix_product(
                    m: 0, n: m, k: dimension, a_row: dimension, a_column: 1, b_row: 1, b_column: dimension, out_row: m,
                    a: nil, b: columns.baseAddress!, out: products, bias: nil, panels: nil)
                ablate_matrix_pack(ABLATE_MATRIX_FLOAT32, &product, panels)
                product.panels = UnsafePointer(panels)
                for start in stride(from: 0, to: n, by: rowsAtATime) {
                    product.m = min(rowsAtATime, n - start)
                    product.a = rows.baseAddress! + start * dimension
                    ablate_matrix_run(ABLATE_MATRIX_FLOAT32, &product)
                    body(start..<(start + product.m), UnsafeBufferPointer(start: products, count: product.m * m))
                }
            }
        }
    }
}

/// With a few thousand columns, 64 rows of products stay in the second cache level until they are read.
private let rowsAtATime = 64
