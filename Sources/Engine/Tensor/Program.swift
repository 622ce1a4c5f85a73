/// A traced function: its inputs, its outputs, and the inputs that each run replaces by new values.
///
/// Tracing happens once, in the initialiser. A `Backend` compiles a program, which then runs many times in float32; `evaluate` runs
/// it plainly in float64, for tests.
public struct Program: Sendable {
    /// The placeholders of the state, then of the other inputs.
    public let inputs: [Tensor]
    /// The results of a run.
    public let outputs: [Tensor]
    /// The new values of the leading inputs, which are the state of a training loop. Other inputs keep their values.
    public let updates: [Tensor]

    /// - Parameter body: maps the inputs to the outputs.
    public init(inputs shapes: [Shape] = [], _ body: ([Tensor]) -> [Tensor]) {
        self.init(state: [], inputs: shapes) { _, inputs in body(inputs) }
    }

    /// - Parameters:
    ///   - state: shapes of values that live on from run to run.
    ///   - body: receives the state and the inputs, changes the state, and returns the outputs.
    public init(state: [Shape], inputs shapes: [Shape], _ body: (inout [Tensor], [Tensor]) -> [Tensor]) {
        let before = state.map { Tensor.placeholder($0) }
        let given = shapes.map { Tensor.placeholder($0) }
        var after = before
        outputs = body(&after, given)
        precondition(after.map(\.shape) == state, "the state keeps its shapes: \(after.map(\.shape)) for \(state)")
        inputs = before + given
        updates = after
    }

    /// - Parameter inputs: every placeholder that the outputs and the updates depend on.
    init(inputs: [Tensor], outputs: [Tensor], updates: [Tensor]) {
        (self.inputs, self.outputs, self.updates) = (inputs, outputs, updates)
    }
}
