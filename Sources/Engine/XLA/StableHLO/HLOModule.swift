import Engine

/// A program as the text of a StableHLO module, and what its function `main` is given.
///
/// Arguments are the program's inputs, states first, then constants of more than a few elements, the keys of random numbers, and a word
/// that is 0; results are the states after the run, then the outputs. Weights of a teacher and keys are arguments so that the text,
/// and with it the compiled program, is one for all seeds and checkpoints.
package struct HLOModule {
    package let text: String
    /// Constants that are given as arguments behind the inputs.
    package let constants: [(values: Storage, shape: Shape)]
    /// The bits of random keys, given behind the constants as two words each, the low one first.
    package let keys: [UInt64]

    /// Elements of a constant, up to which it stands in the text: what is known there can be computed while compiling.
    static let fewConstants = 16

    /// - Parameters:
    ///   - precision: of matrix products, by the same rule as on a CPU; attention is float32, as it is there.
    ///   - mostSteps: that one run may do, one after the other from the state that the last has left, with the same inputs. With nil a
    ///     run is one step; otherwise the last argument is the number of steps, an int32, and every output has the outputs of all
    ///     steps, [mostSteps, …].
    package init(_ program: Program, precision: Precision = .float32, mostSteps: Int? = nil) {
        var lowering = HLOLowering(precision: precision)
        let inputs = program.inputs.enumerated().map { index, input in
            HLOValue(name: "%input\(index)", type: HLOType(.float32, input.shape.dimensions))
        }
        let values = lowering.lower(program.updates + program.outputs, of: program.inputs, inputs)
        let arguments = inputs + lowering.givenArguments
        let donated = arguments.indices.map { index in
            index < program.updates.count ? "{tf.aliasing_output = \(index) : i32}" : ""
        }
        var functions = lowering.functions
        func add(_ name: String, _ function: HLOFunction, _ given: [HLOValue], _ results: [HLOValue]) {
            let attributes = name == "main" ? donated + given.dropFirst(donated.count).map { _ in "" } : []
            let text = function.text(
                name: name, isPrivate: name != "main", arguments: given, attributes: attributes, results: results)
            functions.insert(text, at: 0)
        }
        if let mostSteps {
            add("step", lowering.function, arguments, values)
            let loop = HLOLoop(of: "step", arguments, values, states: program.updates.count, mostSteps: mostSteps)
            add("main", loop.function, arguments + [loop.count], loop.results)
        } else {
            add("main", lowering.function, arguments, values)
        }
        text = "module @program {\n\(functions.joined())}\n"
        constants = lowering.constants
        keys = lowering.keys.map(\.bits)
    }
}
