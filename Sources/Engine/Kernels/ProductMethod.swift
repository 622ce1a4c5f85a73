import CKernels
import Glibc

/// What computes a matrix product.
///
/// The engine's own kernels where the processor has AVX-512: on one core of a Zen 4 their float32 products are 1.09 to 1.22 times as
/// fast as those of OpenBLAS 0.3.21 and 0.95 to 1.08 times as oneDNN 2.6.3's, and parts of a product have the bits of the whole, so that
/// several threads compute what one does. Where a side is short, OpenBLAS is faster, or the kernel of small products.
enum ProductMethod {
    case float32Kernel
    /// Operands rounded to bfloat16.
    case bfloat16Kernel
    case openBLAS
    case oneDNN(OneDNN.Product)

    /// With a side below this, products are OpenBLAS's: the kernels would work on vectors that are mostly padding. So a network's
    /// inputs of few dimensions keep their precision too.
    private static let shortest = 16

    /// For float32 products without short sides. The environment variable ABLATE_PRODUCTS may say `openblas` or `onednn`; results
    /// differ in their last bits between them, so what happens to be installed does not decide.
    private static let chosen: ProductMethod = {
        let wanted = getenv("ABLATE_PRODUCTS").map { String(cString: $0) }
        if wanted == "onednn", let product = OneDNN.product { return .oneDNN(product) }
        return wanted == nil && ablate_has_matrix_products() != 0 ? .float32Kernel : .openBLAS
    }()

    static let hasBfloat16 = ablate_has_bfloat16_products() != 0

    /// - Parameter sides: rows, columns and depth.
    init(sides: [Int32], _ precision: Precision) {
        let isLong = sides.allSatisfy { $0 >= Self.shortest }
        self = !isLong ? .openBLAS : precision == .mixed && Self.hasBfloat16 ? .bfloat16Kernel : Self.chosen
    }
}

extension ProductMethod {
    /// Of matrices [m, k] and [k, n], the last two axes of views.
    init(_ a: View, _ b: View, _ precision: Precision) {
        let sides = [
            a.extents[a.extents.count - 2], b.extents[b.extents.count - 1], b.extents[b.extents.count - 2],
        ]
        self.init(sides: sides.map { Int32($0) }, precision)
    }

    /// Whether it adds a bias to the rows as it writes them.
    var addsBias: Bool {
        switch self {
        case .float32Kernel, .bfloat16Kernel: true
        case .openBLAS, .oneDNN: false
        }
    }

    /// Memory of a second operand that is packed once for many products: in whole vectors; 0 where a library packs.
    func packedFloats(columns: Int, depth: Int) -> Int {
        switch self {
        case .float32Kernel: (columns + 15) / 16 * 16 * depth
        case .bfloat16Kernel: (columns + 15) / 16 * 16 * ((depth + 1) / 2)
        case .openBLAS, .oneDNN: 0
        }
    }
}

extension LinearAlgebra {
    /// What computes products without short sides in a precision: "float32 kernels" or "bfloat16 kernels" of the engine, "OpenBLAS",
    /// or "oneDNN" with its version.
    public static func products(in precision: Precision) -> String {
        switch ProductMethod(sides: [.max, .max, .max], precision) {
        case .float32Kernel: "float32 kernels"
        case .bfloat16Kernel: "bfloat16 kernels"
        case .openBLAS: "OpenBLAS"
        case .oneDNN: "oneDNN \(OneDNN.version ?? "")"
        }
    }
}
