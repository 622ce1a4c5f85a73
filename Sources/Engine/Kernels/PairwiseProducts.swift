import COpenBLAS

/// The inner products of every row of `first` with every row of `second`, some rows at a time.
///
/// Both are row-major `[count × dimension]` in single precision. `body` is told the rows of `first` and given their
/// products `[rows.count × second's count]`, row-major, valid until it returns.
public func withPairwiseProducts(
    of first: [Float], with second: [Float], dimension: Int,
    _ body: (_ rows: Range<Int>, _ products: UnsafeBufferPointer<Float>) -> Void
) {
    precondition(
        dimension > 0 && first.count.isMultiple(of: dimension) && second.count.isMultiple(of: dimension),
        "rows of dimension \(dimension), given \(first.count) and \(second.count) numbers")
    let (n, m) = (first.count / dimension, second.count / dimension)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: rowsAtATime * m) { room in
        first.withUnsafeBufferPointer { rows in
            for start in stride(from: 0, to: m == 0 ? 0 : n, by: rowsAtATime) {
                let count = min(rowsAtATime, n - start)
                cblas_sgemm(
                    CblasRowMajor, CblasNoTrans, CblasTrans, Int32(count), Int32(m), Int32(dimension), 1,
                    rows.baseAddress! + start * dimension, Int32(dimension), second, Int32(dimension), 0,
                    room.baseAddress!, Int32(m))
                body(start..<(start + count), UnsafeBufferPointer(rebasing: room[..<(count * m)]))
            }
        }
    }
}

/// With a few thousand columns, 64 rows of products stay in the second cache level until they are read.
private let rowsAtATime = 64
