import Engine

/// A training loop: one step traced and compiled once, run many times. Only the loop is outside the program.
public final class Trainer<State: Module> {
    /// The names of what a step measures.
    public let metrics: [String]
    /// Steps done.
    public private(set) var step = 0
    private let template: State
    private let executable: Executable

    /// - Parameters:
    ///   - initial: the state before the first step; its tensors depend on no placeholder.
    ///   - body: one step: changes the state, given the number of the step (from 1, a scalar), and returns named scalars.
    public init(initial: State, _ body: (inout State, Tensor) -> [(name: String, value: Tensor)]) {
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
        metrics = names
        template = initial
        executable = Executable(program)
        for (index, values) in Tensor.computed(initial.parameters).enumerated() { executable.write(values, to: index) }
    }

    /// The state now, as known numbers.
    public var state: State {
        template.replacingParameters(
            template.parameters.enumerated().map { index, tensor in
                Tensor(executable.input(index), shape: tensor.shape)
            })
    }

    /// What the last step measured, in the order of `metrics`.
    public var measured: [Float] { metrics.indices.map { executable.scalar($0) } }

    /// Does steps until `last` is done.
    /// - Parameter isGoing: asked after each step; false ends the loop.
    /// - Throws: `Diverged` when a measured number is not finite.
    public func advance(to last: Int, while isGoing: (Int) throws -> Bool = { _ in true }) throws {
        while step < last {
            executable.run()
            step += 1
            for index in metrics.indices where !executable.scalar(index).isFinite {
                throw Diverged(step: step, metric: metrics[index], value: executable.scalar(index))
            }
            if try !isGoing(step) { return }
        }
    }
}

/// A training whose loss or gradient is no number any more.
public struct Diverged: Error, Equatable, Sendable, CustomStringConvertible {
    public let step: Int
    public let metric: String
    public let value: Float

    public init(step: Int, metric: String, value: Float) {
        (self.step, self.metric, self.value) = (step, metric, value)
    }

    public var description: String { "\(metric) is \(value) at step \(step)" }
}
