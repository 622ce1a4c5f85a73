/// How a program is computed: not what it says, but the last bits of what comes out, and how soon.
public struct Execution: Hashable, Sendable {
    public let precision: Precision
    /// Threads that share each instruction, at least 1. Sums over what they share are taken in an order of their own, so results
    /// repeat bit for bit for one number of threads, and differ in their last bits between numbers.
    public let threads: Int

    public init(precision: Precision = .float32, threads: Int = 1) {
        (self.precision, self.threads) = (precision, threads)
    }
}

/// The numbers that matrix products are made of.
public enum Precision: String, Codable, Hashable, Sendable, CaseIterable {
    /// float32 throughout.
    case float32
    /// Operands of products whose sides are not short are rounded to bfloat16, 8 bits of mantissa, and their products summed in
    /// float32. All else is float32: what is kept, optimizers' moments, elementwise work, norms, losses, sums.
    /// Where the processor has no such products, float32.
    case mixed
}
