/// A traced function: what is given, what comes out, and which inputs are replaced by new values at each run.
///
/// Tracing happens once, in the initialiser. `Executable` compiles a program to planned buffers and runs it many times in
/// float32; `evaluate` runs it plainly in float64, for tests.
public struct Program: Sendable {
    public let inputs: [Tensor]
    public let outputs: [Tensor]
    /// For each of the first inputs its value after the run: the state of a training loop. The rest of the inputs stay.
    public let updates: [Tensor]

    /// - Parameter body: from the inputs, the outputs.
    public init(inputs shapes: [Shape] = [], _ body: ([Tensor]) -> [Tensor]) {
        self.init(state: [], inputs: shapes) { _, inputs in body(inputs) }
    }

    /// - Parameters:
    ///   - state: shapes of values that live on from run to run.
    ///   - body: changes the state, given the inputs, and returns the outputs.
    public init(state: [Shape], inputs shapes: [Shape], _ body: (inout [Tensor], [Tensor]) -> [Tensor]) {
        let before = state.map { Tensor.placeholder($0) }
        let given = shapes.map { Tensor.placeholder($0) }
        var after = before
        outputs = body(&after, given)
        precondition(after.map(\.shape) == state, "the state keeps its shapes: \(after.map(\.shape)) for \(state)")
        inputs = before + given
        updates = after
    }
}
