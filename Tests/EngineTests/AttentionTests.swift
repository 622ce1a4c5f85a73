import CKernels
import TestSupport
import Testing

@testable import CPU
@testable import Tensors

@Suite("Attention's kernels") struct AttentionTests {
    static let parts: [AttentionPart] = [.value, .tangent, .cotangent]

    /// Two samples of three heads, of tokens and sizes that fill no vectors.
    private static let heads = 3, rows: Shape = [2, 21, 3 * 3 * 20]

    private func program(_ part: AttentionPart) -> Program {
        let other = part == .cotangent ? Self.rows.replacing(2, with: 60) : Self.rows
        return Program(inputs: part == .value ? [Self.rows] : [Self.rows, other]) { [part($0, heads: Self.heads)] }
    }

    private func values(_ program: Program) -> [[Float]] {
        program.inputs.enumerated().map { RandomKey(seed: 3).folding($0).normal(count: $1.shape.count) }
    }

    @Test("give the float64 value on every instruction set, bit for bit where sets fuse", arguments: parts)
    func everySet(part: AttentionPart) {
        let program = program(part), values = values(program)
        let expected = program.evaluate(values.map(\.doubles))[0]
        let memory = values.map { Storage($0) }, out = Storage(Array(repeating: Float(0), count: expected.count))
        let attention = AttentionHeads(
            part, heads: Self.heads, Self.rows, memory[0].base, other: memory.dropFirst().first?.base, out.base)
        var fused: [[Float]] = []
        for set in 0..<ablate_instruction_set_count() {
            withExtendedLifetime((memory, attention)) { ablate_attention_run_on(set, attention.content, 0) }
            #expect(mismatch(out.values.doubles, expected, within: PrimitiveTests.singlePrecision) == nil)
            if set > 0 { fused.append(out.values) }
        }
        for other in fused { #expect(mismatch(other, fused[0]) == nil) }
    }

    @Test("keep a score's size: neither large ones nor equal ones are lost")
    func largeScores() {
        let program = Program(inputs: [[1, 2, 3]]) { [AttentionPart.value($0, heads: 1)] }
        // Queries 100, keys 0 and 1: all weight on the second value, by e¹⁰⁰; equal keys share it.
        #expect(Executable(program)([[100, 0, 3, 100, 1, 5]])[0] == [5, 5])
        #expect(Executable(program)([[-300, 1, 3, 7, 1, 5]])[0] == [4, 4])
    }

    @Test("do not know of other samples, so threads share them without a trace", arguments: parts)
    func samples(part: AttentionPart) {
        let program = program(part), values = values(program)
        #expect(
            mismatch(Executable(program, execution: Execution(threads: 2))(values), Executable(program)(values)) == nil)
    }

    @Test("forget numbers that are none with the run that had them", arguments: parts)
    func forgetsNotANumber(part: AttentionPart) {
        let program = program(part), values = values(program), executable = Executable(program)
        let expected = executable(values)
        #expect(executable(values.map { $0.map { _ in .nan } })[0].allSatisfy { $0.isNaN })
        #expect(mismatch(executable(values), expected) == nil)
    }

    @Test("tell a number that is none")
    func notANumber() {
        let program = Program(inputs: [[1, 2, 3]]) { [AttentionPart.value($0, heads: 1)] }
        #expect(Executable(program)([[1, .nan, 3, 1, 1, 5]])[0].allSatisfy { $0.isNaN })
    }
}
