import Glibc

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

    /// Results with a side below this are left to OpenBLAS.
    static let smallestSide = 16

    /// Nil where the environment variable ABLATE_PRODUCTS does not ask for `onednn`, or where there is no library: results differ in
    /// their last bits from those of OpenBLAS, so what happens to be installed does not decide them.
    static let product: Product? = {
        guard let choice = getenv("ABLATE_PRODUCTS"), strcmp(choice, "onednn") == 0 else { return nil }
        guard let library, let symbol = dlsym(library, "dnnl_sgemm") else { return nil }
        // One thread, as for OpenBLAS: the library's OpenMP is reached through its handle.
        if let threads = dlsym(library, "omp_set_num_threads") {
            unsafeBitCast(threads, to: (@convention(c) (Int32) -> Void).self)(1)
        }
        return unsafeBitCast(symbol, to: Product.self)
    }()

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
