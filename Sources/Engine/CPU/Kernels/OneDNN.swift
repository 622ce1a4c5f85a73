import Glibc
import Tensors

/// The matrix product of oneDNN, where it is asked for and the system has that library.
///
/// On one core of a Zen 4 its float32 products are 1.05 to 1.24 times as fast as those of OpenBLAS 0.3.21 where both sides of the
/// result are 16 or more, slower below.
enum OneDNN {
    /// C ← α A B + β C, row-major: transposes as the letters N and T; rows, columns, depth; each matrix with its leading dimension.
    typealias Product =
        @convention(c) (
            CChar, CChar, Int, Int, Int, Float, UnsafePointer<Float>, Int, UnsafePointer<Float>, Int, Float,
            UnsafeMutablePointer<Float>, Int
        ) -> Int32

    /// The library's matrix product; nil unless ABLATE_PRODUCTS is `onednn` and the library is installed.
    static let product: Product? = {
        guard CPUBackend.wantedProducts == "onednn" else { return nil }
        guard let library, let symbol = dlsym(library, "dnnl_sgemm") else { return nil }
        return unsafeBitCast(symbol, to: Product.self)
    }()

    /// Sets the threads of products that the calling thread asks for; nil where it asks for none. The library's OpenMP is reached
    /// through its handle.
    static let setThreads: (@convention(c) (Int32) -> Void)? = {
        guard product != nil, let library, let symbol = dlsym(library, "omp_set_num_threads") else { return nil }
        return unsafeBitCast(symbol, to: (@convention(c) (Int32) -> Void).self)
    }()

    /// Limits what oneDNN runs on this thread to one thread: its OpenMP counts for each thread by itself.
    @inline(__always)
    static func useOneThreadHere() { setThreads?(1) }

    /// "major.minor.patch"; nil without the library.
    static let version: String? = {
        guard product != nil, let library, let symbol = dlsym(library, "dnnl_version") else { return nil }
        struct Version { let major, minor, patch: Int32 }
        let version = unsafeBitCast(symbol, to: (@convention(c) () -> UnsafeRawPointer).self)().load(as: Version.self)
        return "\(version.major).\(version.minor).\(version.patch)"
    }()

    // Left open for the life of the process.
    nonisolated(unsafe) private static let library: UnsafeMutableRawPointer? =
        dlopen("libdnnl.so.3", RTLD_NOW) ?? dlopen("libdnnl.so.2", RTLD_NOW)
}
