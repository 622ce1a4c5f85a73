import Tensors

/// A program as the text of a StableHLO module, and what its function `main` is given.
///
/// Arguments are the program's inputs, states first, then constants of more than a few elements, hoisted values, the keys of random
/// numbers, and a word that is 0; results are the states after the run, then the outputs. Weights of a teacher and keys are
/// arguments so that the text, and with it the compiled program, is one for all seeds and checkpoints.
package struct HLOModule {
    package let text: String
    /// Constants that are given as arguments behind the inputs.
    package let constants: [(values: Storage, shape: Shape)]
    /// Values that depend on no input, given behind the constants; they are computed once.
    package let hoisted: [Tensor]
    /// The bits of random keys, given behind the hoisted values as two words each, the low one first.
    package let keys: [UInt64]
    /// Whether a run does several steps: its last argument is then their number, as is its last result, int32.
    package let isLoop: Bool

    /// Elements of a constant, up to which it stands in the text: what is known there can be computed while compiling.
    static let fewConstants = 16

    /// A program with a state becomes a loop: steps one after the other, each from the state that the one before has left, until they
    /// are as many as asked for or a scalar output is not finite.
    /// - Parameters:
    ///   - precision: of matrix products, by the same rule as on a CPU; attention is float32, as it is there.
    ///   - replicas: how many devices run the module side by side, each with all arguments.
    package init(_ program: Program, precision: Precision = .float32, replicas: Int = 1) {
        var lowering = HLOLowering(precision: precision, replicas: replicas)
        let inputs = program.inputs.enumerated().map { index, input in
            HLOValue(name: "%input\(index)", type: HLOType(.float32, input.shape.dimensions))
        }
        let states = program.updates.count
        let values = lowering.lower(program.updates + program.outputs, of: program.inputs, inputs)
        let arguments = inputs + lowering.givenArguments
        isLoop = states > 0
        let main: String
        if isLoop {
            let loop = HLOLoop(of: "step", arguments, values, states: states)
            main =
                loop.function.text(
                    name: "main", arguments: arguments + [loop.count], donated: states, results: loop.results)
                + lowering.function.text(name: "step", arguments: arguments, results: values)
        } else {
            main = lowering.function.text(name: "main", arguments: arguments, results: values)
        }
        text = "module @program {\n\(main)\(lowering.functions.joined())}\n"
        (constants, hoisted) = (lowering.constants, lowering.hoisted)
        keys = lowering.keys.map(\.bits)
    }
}
