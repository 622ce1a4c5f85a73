import Tensors

/// A training loop: one step traced and compiled once, run many times. Only the loop is outside the program.
public final class Trainer<State: Module> {
    /// The names of the scalars that a step measures.
    public let metrics: [String]
    /// The number of steps done.
    public private(set) var step = 0
    private let template: State
    private let compiled: any CompiledProgram
    /// Inputs of the program that a training is: the state and the number of steps done. Those behind them are 0 between steps.
    private let stateCount: Int
    /// Runs of the program that one step takes.
    private let runsPerStep: Int

    /// - Parameters:
    ///   - initial: the state before the first step; its tensors depend on no placeholder.
    ///   - execution: how steps are computed.
    ///   - backend: what compiles and runs the steps; the state stays there.
    ///   - body: one step: changes the state, given the number of the step (from 1, a scalar), and returns named scalars.
    public convenience init(
        initial: State, execution: Execution = Execution(), on backend: any Backend,
        _ body: (inout State, Tensor) -> [(name: String, value: Tensor)]
    ) throws {
        let shapes = initial.parameters.map(\.shape)
        var names: [String] = []
        let program = Program(state: shapes + [[]], inputs: []) { tensors, _ in
            let counter = tensors[shapes.count] + 1
            var state = initial.replacingParameters(tensors[..<shapes.count])
            let measured = body(&state, counter)
            tensors = state.parameters + [counter]
            names = measured.map(\.name)
            return measured.map(\.value)
        }
        try self.init(initial, program, names, runsPerStep: 1, execution, on: backend)
    }

    /// - Parameters:
    ///   - program: one run, whose first states are those of `initial` and the number of steps done.
    ///   - names: those of the scalars that it gives out.
    init(
        _ initial: State, _ program: Program, _ names: [String], runsPerStep: Int, _ execution: Execution,
        on backend: any Backend
    ) throws {
        metrics = names
        template = initial
        (self.runsPerStep, stateCount) = (runsPerStep, initial.parameters.count + 1)
        compiled = try backend.compile(program, execution: execution)
        try compiled.write(initial.parameters, computedOn: backend)
    }

    /// The state now, as known numbers.
    public var state: State {
        template.replacingParameters(
            template.parameters.enumerated().map { index, tensor in
                Tensor(compiled.input(index), shape: tensor.shape)
            })
    }

    /// The scalars that the last step measured, in the order of `metrics`.
    public var measured: [Float] { restored ?? metrics.indices.map { compiled.scalar($0) } }

    /// The scalars measured by the step before a restored state; nil after the next step.
    private var restored: [Float]?

    /// All that the steps to come depend on, and what the last one measured: a trainer of the same first state and body that
    /// restores it goes on with the same bits.
    public struct Snapshot: Equatable, Sendable {
        /// The number of steps done.
        public let step: Int
        /// The state, then the counter that random numbers are drawn by.
        public let tensors: [[Float]]
        /// The scalars that the last step measured.
        public let measured: [Float]

        /// A snapshot from its parts.
        public init(step: Int, tensors: [[Float]], measured: [Float]) {
            (self.step, self.tensors, self.measured) = (step, tensors, measured)
        }
    }

    /// The snapshot of the trainer as it is now.
    public var snapshot: Snapshot {
        Snapshot(step: step, tensors: (0..<stateCount).map(compiled.input), measured: measured)
    }

    /// A snapshot has the shapes of this trainer.
    public func fits(_ snapshot: Snapshot) -> Bool {
        snapshot.step >= 0 && snapshot.measured.count == metrics.count
            && snapshot.tensors.map(\.count) == compiled.program.inputs.prefix(stateCount).map(\.shape.count)
            && snapshot.tensors.last == [Float(snapshot.step)]
    }

    /// Goes back, or forward, to a snapshot that fits.
    public func restore(_ snapshot: Snapshot) {
        precondition(fits(snapshot), "a snapshot of \(snapshot.tensors.map(\.count)) numbers fits another trainer")
        for (index, values) in snapshot.tensors.enumerated() { compiled.write(values, to: index) }
        for (index, input) in compiled.program.inputs.enumerated().dropFirst(stateCount) {
            compiled.write([Float](repeating: 0, count: input.shape.count), to: index)
        }
        (step, restored) = (snapshot.step, snapshot.measured)
    }

    /// Steps to profile; the fastest is reported, since a single one may be noisy.
    private static var profiledSteps: Int { 3 }

    /// The time that each primitive of a step takes, or of one of its parts, timed on this thread alone. The state stays as it is.
    /// - Parameter clock: gives nanoseconds that never fall.
    /// - Returns: nil where the backend has no profile.
    public func profile(clock: () -> UInt64) throws -> Profile? {
        let before = snapshot
        defer { restore(before) }
        // The first touches all of its memory.
        try compiled.run()
        return try (0..<Self.profiledSteps).compactMap { _ in try compiled.profile(clock: clock) }
            .min { $0.seconds < $1.seconds }
    }

    /// Does steps until `last` is done, some of them at a time, between which nothing is read from the backend.
    /// - Parameters:
    ///   - isGoing: called with the number of the last step that is done; false ends the loop.
    ///   - stepsAtOnce: the number of steps to do after a step, before `isGoing` is called again; less than 1 counts as 1.
    /// - Throws: `Diverged` when a measured number is not finite, at the very step; an error of the backend.
    public func advance(
        to last: Int, while isGoing: (Int) throws -> Bool = { _ in true },
        stepsAtOnce: (_ after: Int) -> Int = { _ in 1 }
    ) throws {
        while step < last {
            let count = min(last - step, max(1, stepsAtOnce(step)))
            // A step that is not finite ends in the part where it is seen.
            step += (try compiled.run(steps: count * runsPerStep) + runsPerStep - 1) / runsPerStep
            restored = nil
            for index in metrics.indices where !compiled.scalar(index).isFinite {
                throw Diverged(step: step, metric: metrics[index], value: compiled.scalar(index))
            }
            if try !isGoing(step) { return }
        }
    }
}

/// The error of a training whose loss or gradient is not finite.
public struct Diverged: Error, Equatable, Sendable, CustomStringConvertible {
    /// The step at which it happened.
    public let step: Int
    /// The name of the scalar.
    public let metric: String
    /// The value of the scalar.
    public let value: Float

    /// The error of a scalar at a step.
    public init(step: Int, metric: String, value: Float) {
        (self.step, self.metric, self.value) = (step, metric, value)
    }

    /// The scalar, its value and the step.
    public var description: String { "\(metric) is \(value) at step \(step)" }
}
