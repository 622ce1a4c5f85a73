import CKernels
import Glibc
import Tensors

/// The code that computes a matrix product.
///
/// The engine's own kernels: the bits of an element depend on its row, its column and the depth alone, so parts of a product have
/// those of the whole, and every instruction set with fused multiply-adds gives the same. The environment variable ABLATE_PRODUCTS
/// may say `openblas` or `onednn`, whose results differ in their last bits with the shape of the call, the processor and the
/// version. On one core, float32, with AVX-512 (Zen 4) the kernels are 1.09 to 1.22 times as fast as OpenBLAS 0.3.21 and 0.95 to
/// 1.08 times as oneDNN 2.6.3.
enum ProductMethod {
    case kernel(ablate_matrix_kind)
    case openBLAS
    case oneDNN(OneDNN.Product)

    private enum Choice { case kernels, openBLAS, oneDNN(OneDNN.Product) }

    /// A library is used only on request, so that what happens to be installed does not change results.
    private static let choice: Choice =
        switch CPUBackend.wantedProducts {
        case "openblas": .openBLAS
        case "onednn": OneDNN.product.map(Choice.oneDNN) ?? .kernels
        default: .kernels
        }

    /// - Parameter sides: rows, columns and depth.
    init(sides: [Int32], _ precision: Precision) {
        let isLong = sides.allSatisfy { $0 >= Int32(Precision.shortestSide) }
        if isLong, precision == .mixed {
            self = .kernel(ABLATE_MATRIX_BFLOAT16)
            return
        }
        switch Self.choice {
        case .kernels: self = .kernel(ABLATE_MATRIX_FLOAT32)
        case .openBLAS: self = .openBLAS
        // Below, it is slower than any other.
        case .oneDNN(let product): self = isLong ? .oneDNN(product) : .kernel(ABLATE_MATRIX_FLOAT32)
        }
    }
}

extension ProductMethod {
    /// The method for matrices [m, k] and [k, n], the last two axes of views.
    init(_ a: View, _ b: View, _ precision: Precision) {
        let sides = [
            a.extents[a.extents.count - 2], b.extents[b.extents.count - 1], b.extents[b.extents.count - 2],
        ]
        self.init(sides: sides.map { Int32($0) }, precision)
    }

    /// True if the method adds a bias to the rows as it writes them.
    var addsBias: Bool {
        switch self {
        case .kernel: true
        case .openBLAS, .oneDNN: false
        }
    }

    /// The name of the code: "float32 kernels" or "bfloat16 kernels" of the engine, "OpenBLAS", or "oneDNN" with its version.
    var name: String {
        switch self {
        case .kernel(ABLATE_MATRIX_BFLOAT16): "bfloat16 kernels"
        case .kernel: "float32 kernels"
        case .openBLAS: "OpenBLAS"
        case .oneDNN: "oneDNN \(OneDNN.version ?? "")"
        }
    }

    /// Memory of a second operand that is packed once for many products: in whole vectors; 0 where a library packs.
    func packedFloats(columns: Int, depth: Int) -> Int {
        switch self {
        case .kernel(let kind): ablate_matrix_packed_floats(kind, columns, depth)
        case .openBLAS, .oneDNN: 0
        }
    }
}
