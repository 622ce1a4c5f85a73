import Glibc

/// The closed list of operations. Every reading of it (shape, float64 value, compiled kernel, pushforward, pullback) is an
/// exhaustive switch, so a new operation does not compile until it has them all. Inputs live on the node, not in the case.
package enum Primitive: Hashable, Sendable {
    /// An input of a program. Its node tells it from other placeholders.
    case placeholder
    /// A value known when the program is traced.
    case constant(Storage)
    /// One number, of shape `[]`.
    case scalar(Double)
    /// Counter-based random numbers; the input is the step, a scalar.
    case random(RandomDistribution, RandomKey)

    case unary(Unary)
    case binary(Binary)
    /// Inputs (condition, a, b) of one shape: a where the condition is not 0, else b.
    case select

    /// The value itself; a node of its own so that a transform can tell its variable from captured values.
    case identity
    /// The value itself, a constant to every derivative.
    case stopGradient
    /// The value itself, which a rematerializing gradient keeps; what lies between kept values it computes again.
    case keep
    /// Inputs (a, b): a itself, which no device hands on before it has b.
    case after
    /// The value itself, which depends on no placeholder: a compiled program computes it when it is compiled, not in each run.
    case hoist

    /// The number of the replica that computes, from 0, of shape `[]`: 0 where one device does.
    case replica
    /// The sum of the value over all replicas; the value itself where one device computes.
    case sumOverReplicas

    /// Right-aligned broadcasting to the node's shape.
    case broadcast
    case reshape
    /// Axis i of the result is axis `order[i]` of the input.
    case transpose(order: [Int])
    /// The node's extent of elements along `axis`, from `start`.
    case slice(axis: Int, start: Int)
    /// Zeros before and after along `axis`.
    case pad(axis: Int, before: Int)
    case concatenate(axis: Int)

    /// Sum over neighbouring axes, which stay with extent 1.
    case sum(axes: Range<Int>)
    /// Largest value over neighbouring axes, which stay with extent 1.
    case max(axes: Range<Int>)
    /// Matrix product `[…, m, k] · […, k, n]` over equal leading axes.
    case matmul
    /// Attention of rows [n, tokens, 3 · width], or a derivative of it.
    case attention(AttentionPart, heads: Int)
    /// Inputs (table [r, c], indices […]): rows of the table, […, c]; a row of NaN where the index is outside.
    case gather
    /// Inputs (updates […, c], indices […]): a table [r, c] of the updates summed by index.
    case scatterAdd
}

/// Functions of one number.
package enum Unary: Int32, Hashable, Sendable, CaseIterable {
    case negate, exponential, logarithm, sine, cosine, squareRoot, reciprocal, sigmoid, tanh, absolute, sign, floor
    /// sigmoid(√(8/π) (x + 0.044715 x³)): what gelu multiplies x with.
    case geluGate
}

/// Functions of two numbers; the comparisons give 1 or 0.
package enum Binary: Int32, Hashable, Sendable, CaseIterable {
    case add, subtract, multiply, divide, maximum, greater, equal
    /// Functions of x and its sigmoid or geluGate: their product, and the derivative of that product by x. Derivatives treat the
    /// second as a function of the first.
    case silu, siluSlope, gelu, geluSlope
}

/// The distribution of a random primitive.
package enum RandomDistribution: Hashable, Sendable {
    /// Uniform on (0, 1).
    case uniform
    /// Standard normal.
    case normal
    /// Whole numbers 0 ..< below.
    case integers(below: Int)
}

/// Immutable numbers in memory, 64-byte aligned, with room for vector loads to run past the end.
public final class Storage: @unchecked Sendable, Hashable {
    /// The number of floats.
    public let count: Int
    package let base: UnsafeMutablePointer<Float>
    /// Gives back memory that is not this object's own.
    private let release: (@Sendable () -> Void)?

    /// Creates a copy of some numbers.
    public init(_ values: some Collection<Float>) {
        count = values.count
        release = nil
        base = AlignedMemory.allocate(floats: count)
        let isBlock: Void? = values.withContiguousStorageIfAvailable { block in
            if let start = block.baseAddress { base.update(from: start, count: block.count) }
        }
        if isBlock == nil { _ = UnsafeMutableBufferPointer(start: base, count: count).update(from: values) }
    }

    /// Numbers in memory of another owner, such as a mapped file: they are only read, never copied by a processor's program.
    /// - Parameters:
    ///   - base: aligned to 64 bytes, with 16 floats to read behind the last number.
    ///   - release: called when the numbers are not read any more.
    package init(base: UnsafeMutablePointer<Float>, count: Int, release: @escaping @Sendable () -> Void) {
        (self.base, self.count, self.release) = (base, count, release)
    }

    deinit {
        guard let release else { return base.deallocate() }
        release()
    }

    /// A copy of the numbers.
    public var values: [Float] { Array(UnsafeBufferPointer(start: base, count: count)) }

    /// Equal numbers, bit for bit: so that what is computed from the same constants twice is computed once.
    public static func == (a: Storage, b: Storage) -> Bool {
        a === b || (a.count == b.count && memcmp(a.base, b.base, a.count * MemoryLayout<Float>.stride) == 0)
    }

    /// Feeds the count and the first few numbers to the hasher.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(count)
        for index in 0..<min(count, 4) { hasher.combine(base[index].bitPattern) }
    }
}
