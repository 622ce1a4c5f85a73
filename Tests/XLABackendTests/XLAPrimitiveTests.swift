import CPU
import Tensors
import TestSupport
import Testing

@testable import RandomPrograms
@testable import XLA

@Suite("Each primitive on XLA", .enabled(if: Plugins.isSomeInstalled, Plugins.advice)) struct XLAPrimitiveTests {
    /// Rounding of float32 (6e-8) over sums of a few hundred terms and functions good to a few units in the last place.
    static let singlePrecision = 2e-6

    @Test("has its float64 value, tangent and gradient", arguments: Plugins.clients)
    func values(_ plugin: InstalledPlugin) throws {
        // Random programs are compiled with optimisations.
        let backend = try plugin.quickBackend()
        let batches = stride(from: 0, to: PrimitiveCase.all.count, by: 24).map {
            PrimitiveCase.all[$0..<min($0 + 24, PrimitiveCase.all.count)]
        }
        for batch in batches {
            var names: [String] = []
            let program = Program(inputs: batch.flatMap { $0.shapes + $0.shapes }) { inputs in
                var rest = inputs[...]
                return batch.flatMap { example in
                    let given = Array(rest.prefix(2 * example.shapes.count))
                    rest = rest.dropFirst(given.count)
                    let results = example.readings(given)
                    names += results.map { _ in example.name }
                    return results
                }
            }
            let values = batch.flatMap { $0.inputs("at") + $0.inputs("along") }
            let found = try backend.xlaProgram(program)(values.map(\.floats)), expected = program.evaluate(values)
            for (name, (found, expected)) in zip(names, zip(found, expected)) {
                let difference = mismatch(found.doubles, expected, within: 5 * Self.singlePrecision)
                #expect(difference == nil, "\(name)")
            }
        }
    }

    @Test("Products in mixed precision round the operands that the CPU rounds", arguments: Plugins.clients)
    func mixedPrecision(_ plugin: InstalledPlugin) throws {
        let shapes: [[Shape]] = [
            [[32, 48], [48, 20]], [[15, 48], [48, 20]], [[32, 15], [15, 20]], [[32, 48], [48, 15]],
            [[4, 32, 32], [4, 32, 32]], [[2, 80, 64], [2, 64, 64]], [[1, 32, 32], [1, 32, 32]],
        ]
        let program = Program(inputs: shapes.flatMap(\.self)) { inputs in
            shapes.indices.map { inputs[2 * $0].matmul(inputs[2 * $0 + 1]) }
        }
        let values = program.inputs.enumerated().map { RandomKey(seed: 3).folding($0).normal(count: $1.shape.count) }
        let execution = Execution(precision: .mixed)
        let found = try plugin.backend().xlaProgram(program, execution)(values)
        let onCPU = try CPUBackend().compile(program, execution: execution), expected = try onCPU.callAsFunction(values)
        let plain = program.evaluate(values.map(\.doubles))
        for (index, shapes) in shapes.enumerated() {
            #expect(mismatch(found[index], expected[index], within: Self.singlePrecision) == nil, "\(shapes)")
        }
        // Rounding the operands shows.
        #expect(mismatch(found[0].doubles, plain[0], within: 1e-4) != nil)
        #expect(mismatch(found[1].doubles, plain[1], within: Self.singlePrecision) == nil)
    }
}

extension PrimitiveCase {
    /// The value, its tangent and its gradients, of where and along what.
    fileprivate func readings(_ inputs: [Tensor]) -> [Tensor] {
        let at = Array(inputs[..<shapes.count]), along = Array(inputs[shapes.count...])
        let (values, tangents) = jvp({ [function($0)] }, at: at, along: along)
        return values + tangents + valueAndGradient(of: { sin(0.01 * function($0)).sum() }, at: at).gradient
    }
}
