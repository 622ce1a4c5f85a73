/// How a program is computed: its precision, its number of threads and its number of devices.
public struct Execution: Hashable, Sendable {
    /// The precision of matrix products.
    public let precision: Precision
    /// Threads that share each instruction, at least 1. Results have the same bits for any number of them.
    public let threads: Int

    /// Devices of the backend that run the program side by side, at least 1. Each is a replica with all inputs; they differ in
    /// `Tensor.replica` and meet in `summedOverReplicas`.
    public let devices: Int

    /// Creates an execution in a precision on numbers of threads and devices, each at least 1.
    public init(precision: Precision = .float32, threads: Int = 1, devices: Int = 1) {
        (self.precision, self.threads, self.devices) = (precision, threads, devices)
    }
}

/// The numbers that matrix products are made of.
public enum Precision: String, Codable, Hashable, Sendable, CaseIterable {
    /// float32 throughout.
    case float32
    /// Operands of products whose sides are not short are rounded to bfloat16, 8 bits of mantissa, and their products summed in
    /// float32. All else is float32: what is kept, optimizers' moments, elementwise work, norms, losses, sums. Where the processor
    /// has no instructions for such products, rounded operands are multiplied as float32 numbers, in the same order: an Intel Xeon
    /// with AVX-512 gave the same bits both ways. They differ where a product is too small to be a normal number.
    case mixed
}
