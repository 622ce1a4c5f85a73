@testable import Engine

/// A way to carry out a program.
struct Way: CustomStringConvertible {
    let description: String
    var execution = Execution()
    var limits = Banding.Limits()
    /// Whether every bit is that of the program done whole on one thread, but for products that a library makes.
    var hasBitsOfWhole = false

    /// As much in bands as can be, however small.
    static let bands = Banding.Limits(smallest: 1, fewestRows: 1, fewest: 2, size: 300)

    static let whole = Way(description: "on one thread")

    static let all = [
        whole,
        Way(description: "on two threads", execution: Execution(threads: 2)),
        Way(description: "in bands", limits: bands, hasBitsOfWhole: true),
        Way(description: "in bands on two threads", execution: Execution(threads: 2), limits: bands),
        Way(description: "in mixed precision", execution: Execution(precision: .mixed)),
        Way(
            description: "in mixed precision in bands on two threads",
            execution: Execution(precision: .mixed, threads: 2), limits: bands),
    ]

    /// Of operands of products.
    var operandRounding: Double {
        switch execution.precision {
        case .float32: 0
        case .mixed: ErrorBounds.bfloat16
        }
    }
}
