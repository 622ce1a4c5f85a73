import COpenBLAS

/// The linear algebra library's version, its kernels and its number of threads.
package enum OpenBLAS {
    private static let limited: Void = openblas_set_num_threads(1)

    /// Limits OpenBLAS to one thread: results differ in their last bits between thread counts, and runs go side by side as processes.
    package static func useOneThread() { _ = limited }

    /// The matrix product out = a · b of row-major matrices in single precision, each with the distance between its rows; a and b may
    /// be read transposed.
    package static func multiply(
        rows: Int32, columns: Int32, depth: Int32, _ a: UnsafePointer<Float>, transposed transposesA: Bool,
        leading leadingA: Int32, _ b: UnsafePointer<Float>, transposed transposesB: Bool, leading leadingB: Int32,
        to out: UnsafeMutablePointer<Float>, leading leadingOut: Int32
    ) {
        cblas_sgemm(
            CblasRowMajor, transposesA ? CblasTrans : CblasNoTrans, transposesB ? CblasTrans : CblasNoTrans, rows,
            columns, depth, 1, a, leadingA, b, leadingB, 0, out, leadingOut)
    }

    /// The kernels OpenBLAS picked for this processor; results differ in their last bits between them.
    package static var kernels: String { String(cString: openblas_get_corename()) }

    /// The library's version and build options.
    package static var version: String { String(cString: openblas_get_config()) }
}
