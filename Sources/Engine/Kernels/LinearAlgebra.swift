import COpenBLAS

/// The linear algebra library's version, its kernels and its number of threads.
public enum LinearAlgebra {
    private static let limited: Void = openblas_set_num_threads(1)

    /// One thread in OpenBLAS: results differ in their last bits between thread counts, and runs go side by side as processes.
    public static func useOneThread() { _ = limited }

    /// One thread in what oneDNN runs on this thread: its OpenMP counts for each thread by itself.
    @inline(__always)
    static func useOneThreadHere() { OneDNN.setThreads?(1) }

    /// The kernels OpenBLAS picked for this processor; results differ in their last bits between them.
    public static var kernels: String { String(cString: openblas_get_corename()) }

    /// The library's version and build options.
    public static var version: String { String(cString: openblas_get_config()) }
}
