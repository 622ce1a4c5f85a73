@testable import CPU
@testable import Tensors

/// A way to carry out a program.
struct Way: CustomStringConvertible {
    let description: String
    var execution = Execution()
    var limits = BatchTiling.Limits()
    /// Whether every bit is that of the program done whole on one thread in the same precision. What is computed again is rounded
    /// once where it was kept and rounded twice.
    var hasBitsOfWhole = true

    /// As much in batch tiles as can be, however small.
    static let batchTiles = BatchTiling.Limits(smallest: 1, fewestRows: 1, fewest: 2, size: 300)

    /// As much computed again as can be.
    static let rematerialized = BatchTiling.Limits(smallestRematerialized: 1)

    static let all = [
        Way(description: "on one thread"),
        Way(description: "rematerializing", limits: rematerialized, hasBitsOfWhole: false),
        Way(description: "on two threads", execution: Execution(threads: 2)),
        Way(description: "in batch tiles", limits: batchTiles),
        Way(description: "in batch tiles on two threads", execution: Execution(threads: 2), limits: batchTiles),
        Way(description: "in mixed precision", execution: Execution(precision: .mixed)),
        Way(
            description: "in mixed precision in batch tiles on two threads",
            execution: Execution(precision: .mixed, threads: 2), limits: batchTiles),
    ]

    /// Of operands of products.
    var operandRounding: Double {
        switch execution.precision {
        case .float32: 0
        case .mixed: ErrorBounds.bfloat16
        }
    }
}
