import TestSupport
import Testing

@testable import CPU
@testable import Tensors

@Suite("A backend's compiled program") struct CompiledProgramTests {
    @Test("Several steps at once end like one after the other")
    func steps() throws {
        let program = Program(state: [[4]], inputs: [[4]]) { state, inputs in
            state[0] = 0.5 * state[0] + inputs[0]
            return [state[0].sum()]
        }
        func compiled() throws -> any CompiledProgram {
            let compiled = try CPUBackend().compile(program, execution: Execution())
            compiled.write([1, 2, 3, 4], to: 1)
            return compiled
        }
        let first = try compiled(), second = try compiled()
        #expect(try first.run(steps: 7) == 7)
        for _ in 0..<7 { try second.run() }
        #expect(mismatch(first.input(0), second.input(0)) == nil)
        #expect(first.scalar(0) == second.scalar(0))
        #expect(try first.run(steps: 0) == 0)
    }

    @Test("Steps end at the first scalar that is not finite, whose run has then been done")
    func notFinite() throws {
        // 1 / (3 - n) is infinite at the third run.
        let program = Program(state: [[]], inputs: []) { state, _ in
            state[0] = state[0] + 1
            return [state[0], 1 / (3 - state[0]), log(Tensor([-1, 1], shape: [2]))]
        }
        let compiled = try CPUBackend().compile(program, execution: Execution())
        #expect(try compiled.run(steps: 10) == 3)
        #expect(compiled.input(0) == [3] && compiled.scalar(1) == .infinity)
        // An array that is not finite is no reason to stop.
        #expect(try compiled.run(steps: 10) == 10)
    }

    @Test("A hoisted value is computed when the program is compiled, and no more")
    func hoist() throws {
        let noise = 2 * Tensor.normal([6], key: RandomKey(seed: 3))
        let executable = Executable(Program(inputs: [[6]]) { [$0[0] + noise.hoisted()] })
        let isRandom = executable.instructions.contains { if case .random = $0 { true } else { false } }
        #expect(!isRandom)
        let expected = try Tensor.materialized([noise], on: CPUBackend())[0]
        #expect(mismatch(executable([[0, 0, 0, 0, 0, 0]])[0], expected) == nil)
    }

    @Test("Known numbers are known without a backend, all others are not")
    func knownValues() {
        #expect(Tensor([1, 2], shape: [2]).knownValues == [1, 2])
        #expect(Tensor.ones([2, 2]).knownValues == [1, 1, 1, 1])
        #expect(Tensor(3).knownValues == [3])
        #expect((Tensor([1, 2], shape: [2]) + 1).knownValues == nil)
        #expect(Tensor.placeholder([2]).knownValues == nil)
    }
}
