import CKernels
import Tensors

/// Attention of all heads of all samples in the form that the kernel runs, and the memory that it needs.
final class AttentionHeads {
    let content: UnsafeMutablePointer<ablate_attention>

    /// - Parameters:
    ///   - shape: of the rows [q k v], which lie in order: [n, tokens, 3 · width].
    ///   - other: what else the part reads.
    ///   - shifts: from batch tile to batch tile, of the rows, of the other and of the result.
    init(
        _ part: AttentionPart, heads: Int, _ shape: Shape, _ rows: UnsafeMutablePointer<Float>,
        other: UnsafeMutablePointer<Float>?, _ out: UnsafeMutablePointer<Float>,
        shifts: [Int] = [0, 0, 0]
    ) {
        let (tokens, size) = (shape[1], shape[2] / (3 * heads))
        content = .allocate(capacity: 1)
        content.initialize(
            to: ablate_attention(
                part: ablate_attention_part(part.rawValue), samples: shape[0], heads: heads, tokens: tokens,
                size: size,
                scale: Float(1 / Double(size).squareRoot()), mixed: UnsafePointer(rows),
                other: UnsafePointer(other),
                out: out, mixed_shift: shifts[0], other_shift: shifts[1], out_shift: shifts[2],
                scratch: AlignedMemory.allocate(floats: ablate_attention_scratch(tokens, size))))
    }

    deinit {
        content.pointee.scratch.deallocate()
        content.deallocate()
    }
}

extension ablate_attention {
    /// Leaves only some samples.
    mutating func narrow(to places: Range<Int>) {
        let narrow = tokens * heads * size
        let isBack = part == ABLATE_ATTENTION_COTANGENT
        mixed += places.lowerBound * 3 * narrow
        other = other.map { $0 + places.lowerBound * (isBack ? narrow : 3 * narrow) }
        out += places.lowerBound * (isBack ? 3 * narrow : narrow)
        samples = places.count
    }

    var name: String {
        let part =
            switch part {
            case ABLATE_ATTENTION_VALUE: "attention"
            case ABLATE_ATTENTION_TANGENT: "attention's tangent"
            default: "attention's cotangent"
            }
        return "\(part): \(samples) of \(heads) heads, \(tokens)×\(size)"
    }

    /// Multiplications and additions of the plain operations, where scores are not computed again, and bytes read and written.
    var cost: (operations: Double, bytes: Double) {
        let products = part == ABLATE_ATTENTION_VALUE ? 2 : 4, widths = part == ABLATE_ATTENTION_VALUE ? 4 : 7
        let tokens = Double(tokens), rows = Double(samples * heads) * tokens * Double(size)
        return (2 * Double(products) * rows * tokens, 4 * Double(widths) * rows)
    }
}
