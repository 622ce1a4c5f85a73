import CKernels
import Tensors

/// One compiled step of a program, with all addresses resolved. Plain numbers and pointers, so that a loop over instructions
/// counts no references.
enum Instruction {
    case fused(UnsafePointer<ablate_fused>)
    case matmul(MatrixProduct)
    /// Packs a product's second operand, for the same product of many batch tiles.
    case pack(MatrixProduct)
    case products(UnsafePointer<ablate_products>)
    case attention(UnsafePointer<ablate_attention>)
    case sum(UnsafeMutablePointer<Float>, UnsafePointer<Float>, outer: Int, reduced: Int, inner: Int)
    case max(UnsafeMutablePointer<Float>, UnsafePointer<Float>, outer: Int, reduced: Int, inner: Int)
    case random(RandomDistribution, RandomKey, UnsafeMutablePointer<Float>, count: Int, step: UnsafePointer<Float>)
    case gather(
        UnsafeMutablePointer<Float>, table: UnsafePointer<Float>, rows: Int, columns: Int,
        indices: UnsafePointer<Float>, count: Int)
    case scatterAdd(
        UnsafeMutablePointer<Float>, rows: Int, columns: Int, updates: UnsafePointer<Float>,
        indices: UnsafePointer<Float>, count: Int)
    case clear(UnsafeMutablePointer<Float>, count: Int)
    /// Nothing, while other threads do something.
    case idle

    /// - Parameter batchTile: the index of the batch tile; 0 for instructions without batch tiles.
    @inline(__always)
    func run(batchTile: Int = 0) {
        switch self {
        case .fused(let kernel): ablate_fused_run(kernel, batchTile)
        case .matmul(let product): product.run(batchTile: batchTile)
        case .pack(let product): product.pack()
        case .products(let stack): ablate_products_run(stack)
        case .attention(let attention): ablate_attention_run(attention, batchTile)
        case .sum(let out, let values, let outer, let reduced, let inner):
            ablate_sum(out, values, outer, reduced, inner)
        case .max(let out, let values, let outer, let reduced, let inner):
            ablate_largest(out, values, outer, reduced, inner)
        case .random(let distribution, let key, let out, let count, let step):
            distribution.fill(out, count, key: key, step: step.pointee)
        case .gather(let out, let table, let rows, let columns, let indices, let count):
            for position in 0..<count {
                let row = Rows.index(indices[position], below: rows)
                let target = out + position * columns
                if let row {
                    target.update(from: table + row * columns, count: columns)
                } else {
                    target.update(repeating: .nan, count: columns)
                }
            }
        case .scatterAdd(let out, let rows, let columns, let updates, let indices, let count):
            out.update(repeating: 0, count: rows * columns)
            for position in 0..<count {
                guard let row = Rows.index(indices[position], below: rows) else { continue }
                let target = out + row * columns, source = updates + position * columns
                for column in 0..<columns { target[column] += source[column] }
            }
        case .clear(let out, let count): out.update(repeating: 0, count: count)
        case .idle: break
        }
    }
}

private enum Rows {
    /// The whole-number index, or nil where it is outside or not a number.
    @inline(__always)
    static func index(_ value: Float, below rows: Int) -> Int? {
        value >= 0 && value < Float(rows) ? Int(value) : nil
    }
}
