import CKernels
import Tensors

/// A stack of small matrix products in the form that the kernel runs.
final class ProductStack {
    let content: UnsafeMutablePointer<ablate_products>

    /// Single products with fewer columns, or less depth or fewer rows than a vector has lanes, are the kernel's too: OpenBLAS asks
    /// the heap for memory at each, and is no faster. Of few rows only where b, packed, is at most 1 MiB, a second-level cache.
    private static let fewestColumns = Int(ABLATE_THIN_COLUMNS), leastDepth = 16, fewestRows = 16, mostPacked = 1 << 18

    /// Returns whether this kernel computes a product: a stack of small products with at most four leading axes, or a thin one. Larger
    /// matrices are another kernel's: from 64³ on its rate is the machine's.
    /// Rows of the result must be contiguous.
    static func takes(_ a: View, _ b: View, place: View) -> Bool {
        let leading = place.extents.dropLast(2)
        let (rows, columns) = (place.extents[place.extents.count - 2], place.extents[place.extents.count - 1])
        let depth = a.extents[a.extents.count - 1]
        guard place.strides.last == 1 else { return false }
        if leading.isEmpty {
            return columns < fewestColumns || depth < leastDepth
                || rows < fewestRows && depth * columns <= mostPacked
        }
        return leading.reduce(1, *) > 1 && leading.count <= Int(ABLATE_STACK_RANK)
            && rows * columns * depth <= Precision.mostOfSmall
    }

    /// - Parameters:
    ///   - viewA: its last two axes are a matrix [m, k]; likewise `viewB` [k, n] and `place` [m, n].
    ///   - a: where the first matrix begins; likewise `b` and `out`.
    init(
        _ viewA: View, _ a: UnsafeMutablePointer<Float>, _ viewB: View, _ b: UnsafeMutablePointer<Float>, _ place: View,
        _ out: UnsafeMutablePointer<Float>
    ) {
        let axes = place.extents.count
        var stack = ablate_products()
        (stack.m, stack.n, stack.k) = (place.extents[axes - 2], place.extents[axes - 1], viewA.extents[axes - 1])
        (stack.a_row, stack.a_column) = (viewA.strides[axes - 2], viewA.strides[axes - 1])
        (stack.b_row, stack.b_column) = (viewB.strides[axes - 2], viewB.strides[axes - 1])
        stack.out_row = place.strides[axes - 2]
        stack.rank = Int32(axes - 2)
        func fill<Tuple>(_ tuple: UnsafeMutablePointer<Tuple>, _ values: [Int]) {
            UnsafeMutableRawPointer(tuple).withMemoryRebound(to: Int.self, capacity: Int(ABLATE_STACK_RANK)) { target in
                for axis in 0..<(axes - 2) { target[axis] = values[axis] }
            }
        }
        fill(&stack.extent, place.extents)
        fill(&stack.a_stride, viewA.strides)
        fill(&stack.b_stride, viewB.strides)
        fill(&stack.out_stride, place.strides)
        (stack.a, stack.b, stack.out) = (UnsafePointer(a), UnsafePointer(b), out)
        stack.packed = AlignedMemory.allocate(floats: stack.k * ((stack.n + 15) / 16 * 16))
        content = .allocate(capacity: 1)
        content.initialize(to: stack)
    }

    deinit {
        content.pointee.packed.deallocate()
        content.deallocate()
    }
}

extension ablate_products {
    /// The number of products.
    var count: Int { extents.reduce(1, *) }

    /// The extents of the stack's axes.
    var extents: [Int] { Array([extent.0, extent.1, extent.2, extent.3].prefix(Int(rank))) }

    /// The longest axis of the stack, or nil for a single product.
    var longestAxis: Int? { extents.indices.max { extents[$0] < extents[$1] } }

    /// Leaves only some places of an axis.
    mutating func narrow(_ axis: Int, to places: Range<Int>) {
        func number(_ tuple: (Int, Int, Int, Int)) -> Int { [tuple.0, tuple.1, tuple.2, tuple.3][axis] }
        a += places.lowerBound * number(a_stride)
        b += places.lowerBound * number(b_stride)
        out += places.lowerBound * number(out_stride)
        withUnsafeMutablePointer(to: &extent) { tuple in
            tuple.withMemoryRebound(to: Int.self, capacity: Int(ABLATE_STACK_RANK)) { $0[axis] = places.count }
        }
    }
}
