import CKernels
import TestSupport
import Testing

@testable import CPU
@testable import RandomPrograms
@testable import Tensors

@Suite("Each primitive's readings agree") struct PrimitiveTests {
    /// Rounding of float32 (6e-8) over sums of a few hundred terms and polynomials good to two units in the last place.
    static let singlePrecision = 2e-6
    /// Central differences at 1e-5 in float64: the error of h² f‴ and of rounding over h are both below 1e-9 for these functions.
    static let differences = 1e-7
    /// Rounding of float64 over a few hundred terms.
    static let doublePrecision = 1e-12

    @Test("The compiled value is the float64 value", arguments: PrimitiveCase.all)
    func compiledValue(_ example: PrimitiveCase) {
        let program = Program(inputs: example.shapes) { [example.function($0)] }
        let inputs = example.inputs("at")
        let found = Executable(program)(inputs.map(\.floats))[0]
        #expect(found.count == program.outputs[0].shape.count)
        #expect(mismatch(found.doubles, program.evaluate(inputs)[0], within: Self.singlePrecision) == nil)
    }

    @Test(
        "The compiled value is the float64 value on every instruction set, bit for bit where sets fuse",
        arguments: PrimitiveCase.all)
    func everySet(_ example: PrimitiveCase) {
        let program = Program(inputs: example.shapes) { [example.function($0)] }
        let inputs = example.inputs("at"), expected = program.evaluate(inputs)[0], executable = Executable(program)
        var fused: [[Float]] = []
        for set in 0..<ablate_instruction_set_count() {
            for (index, values) in inputs.enumerated() { executable.write(values.floats, to: index) }
            executable.run(on: set)
            #expect(mismatch(executable.output(0).doubles, expected, within: Self.singlePrecision) == nil)
            if set > 0 { fused.append(executable.output(0)) }
        }
        for other in fused { #expect(mismatch(other, fused[0]) == nil) }
    }

    @Test("jvp is the central difference", arguments: PrimitiveCase.all)
    func pushforward(_ example: PrimitiveCase) {
        let at = example.inputs("at"), along = example.inputs("along")
        let count = example.shapes.count
        let tangent = Program(inputs: example.shapes + example.shapes) { inputs in
            jvp({ [example.function($0)] }, at: Array(inputs[..<count]), along: Array(inputs[count...])).tangents
        }
        let value = Program(inputs: example.shapes) { [example.function($0)] }
        let h = 1e-5
        func moved(_ sign: Double) -> [[Double]] { zip(at, along).map { zip($0, $1).map { $0 + sign * h * $1 } } }
        let difference = zip(value.evaluate(moved(1))[0], value.evaluate(moved(-1))[0]).map { ($0 - $1) / (2 * h) }
        #expect(mismatch(tangent.evaluate(at + along)[0], difference, within: Self.differences) == nil)
    }

    @Test("The pullback is the transpose of the pushforward", arguments: PrimitiveCase.all)
    func pullback(_ example: PrimitiveCase) {
        let count = example.shapes.count
        let shape = Program(inputs: example.shapes) { [example.function($0)] }.outputs[0].shape
        let program = Program(inputs: example.shapes + example.shapes + [shape]) { inputs in
            let at = Array(inputs[..<count]), along = Array(inputs[count..<(2 * count)]), weight = inputs[2 * count]
            let forward = jvp({ [example.function($0)] }, at: at, along: along).tangents[0]
            let backward = vjp({ [example.function($0)] }, at: at, cotangents: { _ in [weight] }).gradient
            let left = (forward * weight).sum()
            let right = zip(backward, along).map { ($0 * $1).sum() }.reduce(Tensor(0), +)
            return [left, right]
        }
        let weight = PrimitiveCase(name: example.name, shapes: [shape], function: { $0[0] }).inputs("weight")
        let values = program.evaluate(example.inputs("at") + example.inputs("along") + weight)
        #expect(mismatch(values[0], values[1], within: Self.doublePrecision) == nil)
    }

    @Test("The compiled gradient is the float64 gradient", arguments: PrimitiveCase.all)
    func compiledGradient(_ example: PrimitiveCase) {
        let program = Program(inputs: example.shapes) { inputs in
            valueAndGradient(of: { sin(0.01 * example.function($0)).sum() }, at: inputs).gradient
        }
        let inputs = example.inputs("at")
        let expected = program.evaluate(inputs)
        for (found, expected) in zip(Executable(program)(inputs.map(\.floats)), expected) {
            #expect(mismatch(found.doubles, expected, within: 5 * Self.singlePrecision) == nil)
        }
    }
}

extension Executable {
    /// Runs the program once, with what there is for each instruction set on that of a number.
    fileprivate func run(on set: Int32) {
        for pass in passes {
            for batchTile in pass.batchTiles {
                for instruction in pass.instructions {
                    switch instruction {
                    case .fused(let kernel): ablate_fused_run_on(set, kernel, batchTile)
                    case .products(let stack): ablate_products_run_on(set, stack)
                    case .attention(let attention): ablate_attention_run_on(set, attention, batchTile)
                    case .matmul(let product): product.run(batchTile: batchTile, on: set)
                    case .sum(let out, let values, let outer, let reduced, let inner):
                        ablate_sum_on(set, out, values, outer, reduced, inner)
                    case .max(let out, let values, let outer, let reduced, let inner):
                        ablate_largest_on(set, out, values, outer, reduced, inner)
                    case .random, .gather, .scatterAdd, .clear, .pack, .idle: instruction.run(batchTile: batchTile)
                    }
                }
            }
        }
    }
}
