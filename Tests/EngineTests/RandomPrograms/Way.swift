@testable import Engine
@testable import RandomPrograms

/// A way to carry out a program.
struct Way: CustomStringConvertible {
    let description: String
    var execution = Execution()
    var limits = Banding.Limits()
    /// Whether every bit is that of the program done whole on one thread in the same precision. What is computed again is rounded
    /// once where it was kept and rounded twice.
    var hasBitsOfWhole = true

    /// As much in bands as can be, however small.
    static let bands = Banding.Limits(smallest: 1, fewestRows: 1, fewest: 2, size: 300)

    /// As much computed again as can be.
    static let again = Banding.Limits(smallestRecomputed: 1)

    static let all = [
        Way(description: "on one thread"),
        Way(description: "computing again", limits: again, hasBitsOfWhole: false),
        Way(description: "on two threads", execution: Execution(threads: 2)),
        Way(description: "in bands", limits: bands),
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
