import TestSupport
import Testing

@testable import CPU
@testable import Tensors

@Suite("A compiled program") struct ExecutableTests {
    @Test("The planned memory is that of inputs and arena")
    func plannedMemory() {
        let program = Program(inputs: [[64, 64]]) { inputs in [exp(inputs[0].matmul(inputs[0]))] }
        #expect(CPUBackend().plannedBytes(of: program) == 4 * (Executable(program).arenaCount + 64 * 64))
    }

    @Test("State lives on from run to run, in place or by copy")
    func stateLivesOn() {
        // a ← a + b, b ← a (old), and c stays: a swap of old and new values.
        let program = Program(state: [[3], [3], [3]], inputs: [[3]]) { state, inputs in
            let (a, b) = (state[0], state[1])
            state[0] = a + b * inputs[0]
            state[1] = a
            return [a, (a * b).sum()]
        }
        let executable = Executable(program)
        executable.write([1, 2, 3], to: 0)
        executable.write([10, 20, 30], to: 1)
        executable.write([7, 7, 7], to: 2)
        executable.write([1, 1, 1], to: 3)
        executable.run()
        #expect(executable.output(0) == [1, 2, 3])
        #expect(executable.scalar(1) == 140)
        #expect(executable.input(0) == [11, 22, 33])
        #expect(executable.input(1) == [1, 2, 3])
        #expect(executable.input(2) == [7, 7, 7])
        executable.run()
        #expect(executable.input(0) == [12, 24, 36])
        #expect(executable.input(1) == [11, 22, 33])
    }

    @Test("Two states that exchange their values keep both")
    func statesSwap() {
        let executable = Executable(
            Program(state: [[2], [2]], inputs: []) { state, _ in
                state.swapAt(0, 1)
                return []
            })
        executable.write([1, 2], to: 0)
        executable.write([3, 4], to: 1)
        executable.run()
        #expect(executable.input(0) == [3, 4])
        #expect(executable.input(1) == [1, 2])
    }

    @Test("A gradient step in place equals the float64 step")
    func gradientStepInPlace() {
        let program = Program(state: [[6, 5], [5]], inputs: [[9, 6]]) { state, inputs in
            let result = valueAndGradient(
                of: { square(silu(inputs[0].matmul($0[0]) + $0[1])).mean() }, at: state)
            for index in state.indices { state[index] = state[index] - 0.5 * result.gradient[index] }
            return [result.value]
        }
        let values = (0..<3).map { index in
            let shape = program.inputs[index].shape
            return Tensor.materialized([.normal(shape, key: RandomKey(seed: 3).folding(index))])[0]
        }
        let executable = Executable(program)
        let found = executable(values)
        let expected = program.evaluate(values.map(\.doubles))
        #expect(mismatch(found[0].doubles, expected[0], within: PrimitiveTests.singlePrecision) == nil)
        #expect(mismatch(executable.input(0).doubles, expected[1], within: PrimitiveTests.singlePrecision) == nil)
        #expect(mismatch(executable.input(1).doubles, expected[2], within: PrimitiveTests.singlePrecision) == nil)
    }

    @Test("Runs repeat bit for bit")
    func runsRepeat() {
        let program = Program(inputs: [[]]) { inputs in
            let x = Tensor.normal([64, 32], key: RandomKey(seed: 5), step: inputs[0])
            return [softmax(x.matmul(x.transpose)).sum([0])]
        }
        let first = Executable(program)([[4]]), second = Executable(program)([[4]]), other = Executable(program)([[5]])
        #expect(mismatch(first, second) == nil)
        #expect(mismatch(first, other) != nil)
    }

    @Test("An index outside a table gives a row of NaN")
    func gatherOutside() {
        let found = Tensor.materialized([Tensor([1, 2, 3, 4], shape: [2, 2]).gather(Tensor([1, 2, -1], shape: [3]))])[0]
        #expect(found[0] == 3 && found[1] == 4)
        let outside = found[2...].filter { !$0.isNaN }
        #expect(outside.isEmpty)
    }

    @Test("Inputs are set to tensors: to constants, to one number, and to what has first to be computed")
    func inputsFromTensors() {
        let tensors = [
            Tensor([1, 2, 3], shape: [3]), Tensor.zeros([2]) + 5, Tensor(4).broadcast(to: [2, 2]), Tensor(6),
            Tensor.zeros([0]),
            Tensor([7, 8], shape: [2]).broadcast(to: [2, 2]),
        ]
        let expected: [[Float]] = [[1, 2, 3], [5, 5], [4, 4, 4, 4], [6], [], [7, 8, 7, 8]]
        let executable = Executable(Program(inputs: tensors.map(\.shape) + [[1]]) { $0 })
        for index in tensors.indices {
            executable.write(Array(repeating: 9, count: tensors[index].shape.count), to: index)
        }
        executable.write([9], to: 6)
        executable.write(tensors)
        #expect(mismatch(tensors.indices.map(executable.input), expected) == nil)
        #expect(executable.input(6) == [9])
        #expect(mismatch(Tensor.materialized(tensors), expected) == nil)
    }

    @Test("Constants that products read are numbers of the executable's own, in every use")
    func constantFactors() {
        let weights = Tensor((0..<12).map { Float($0) }, shape: [3, 4])
        let program = Program(inputs: [[2, 3]]) {
            [$0[0].matmul(weights), weights.transpose.matmul($0[0].transpose), weights + 1]
        }
        let found = Executable(program)([[1, 0, 2, 0, 1, 0]])
        for (found, expected) in zip(found, program.evaluate([[1, 0, 2, 0, 1, 0]])) {
            #expect(mismatch(found.doubles, expected) == nil)
        }
    }

    @Test("Equal subexpressions are computed once")
    func equalSubexpressionsMerge() {
        let program = Program(inputs: [[8, 8]]) { inputs in
            let product = { inputs[0].matmul(inputs[0].transpose) }
            return [product().sum() + product().max()]
        }
        let products = Graph(program).values.filter {
            if case .work(.matmul) = $0.origin { true } else { false }
        }
        #expect(products.count == 1)
    }

    @Test("Long fused kernels are split and keep their value")
    func longChains() {
        let program = Program(inputs: [[100]]) { inputs in
            var x = inputs[0]
            var all: [Tensor] = []
            for index in 0..<150 {
                x = sin(x) + Double(index) * 0.01
                all.append(x)
            }
            return [all.reduce(Tensor(0), +)]
        }
        let input = (0..<100).map { Double($0) * 0.02 }
        let found = Executable(program)([input.floats])[0]
        #expect(
            mismatch(found.doubles, program.evaluate([input])[0], within: 100 * PrimitiveTests.singlePrecision) == nil)
    }

    /// A block of a transformer on arrays large enough that their activations are computed again instead of kept.
    private func block(_ x: Tensor, _ scale: Tensor, _ first: Tensor, _ second: Tensor) -> Tensor {
        let norm = LayerNorm()(x) * (1 + scale) + scale
        let hidden = gelu(norm.matmul(first) + 0.1)
        return x + scale * softmax(hidden.matmul(second))
    }

    @Test("Large activations that are rematerialized, and their columns' sums, keep their values")
    func recomputation() {
        let shapes: [Shape] = [[8, 24, 48], [8, 1, 48], [48, 64], [64, 48]]
        let program = Program(inputs: shapes) { inputs in
            let result = valueAndGradient(
                of: { inputs in
                    let (value, slope) = jvp(
                        { block(block($0, inputs[1], inputs[2], inputs[3]), inputs[1], inputs[2], inputs[3]) },
                        at: inputs[0], along: .ones(inputs[0].shape))
                    return square(value).mean() + (stopGradient(slope) * value).mean()
                }, at: inputs)
            return [result.value] + result.gradient
        }
        let values = shapes.indices.map { index in
            Tensor.materialized([.normal(shapes[index], key: RandomKey(seed: 8).folding(index))])[0]
        }
        let expected = program.evaluate(values.map(\.doubles)), executable = Executable(program)
        for (found, expected) in zip(executable(values), expected) {
            #expect(mismatch(found.doubles, expected, within: 10 * PrimitiveTests.singlePrecision) == nil)
        }
        // No pass is left over whose values every reader computes again.
        for case .fused(let kernel) in executable.passes.flatMap(\.instructions) {
            #expect(kernel.pointee.store_count > 0)
        }
    }

    @Test(
        "Columns are summed by the fused kernel that reads them, each sample's and the batch's, by no pass of its own")
    func columnSums() {
        let shapes: [Shape] = [[30, 20], [20, 48], [5, 1, 48], [30, 16]]
        let program = Program(inputs: shapes) { inputs in
            let rows = inputs[0].matmul(inputs[1]).reshaped(to: [5, 6, 48])
            let scaled = (rows * inputs[2]).reshaped(to: [30, 48])
            return [scaled.transpose.matmul(inputs[3]), rows.sum([1]), rows.sum([0])]
        }
        let values = shapes.indices.map { RandomKey(seed: 10).folding($0).normal(count: shapes[$0].count) }
        let executable = Executable(program)
        for (found, expected) in zip(executable(values), program.evaluate(values.map(\.doubles))) {
            #expect(mismatch(found.doubles, expected, within: 10 * PrimitiveTests.singlePrecision) == nil)
        }
        // What is summed into begins at 0.
        #expect(executable.instructions.map(\.primitive) == ["matmul", "clear", "clear", "fused kernel", "matmul"])
    }

    @Test("A fused kernel over nothing but numbers of rows knows how many elements it goes over")
    func rowsAlone() {
        let program = Program(inputs: [[4, 1]]) { [sin($0[0].broadcast(to: [4, 3])).sum([1])] }
        let values: [[Float]] = [[0.1, 0.2, 0.3, 0.4]]
        let found = Executable(program)(values)[0], expected = program.evaluate(values.map(\.doubles))[0]
        #expect(relativeDifference(found.doubles, expected) < PrimitiveTests.singlePrecision)
    }

    @Test("Numbers of rows are summed over the batch after the fused kernel that makes them")
    func sumsOfRowsNumbers() {
        let program = Program(inputs: [[64, 20, 24]]) { inputs in
            let lengths = sqrt(square(inputs[0]).sum([2], keepingAxes: true))
            return [inputs[0] / lengths, lengths.sum([0])]
        }
        let values = [RandomKey(seed: 11).normal(count: 64 * 20 * 24)]
        for (found, expected) in zip(Executable(program)(values), program.evaluate(values.map(\.doubles))) {
            #expect(mismatch(found.doubles, expected, within: 10 * PrimitiveTests.singlePrecision) == nil)
        }
    }

    @Test("A bias is added by the product that alone it goes to, by no pass of its own")
    func biases() throws {
        let shapes: [Shape] = [[32, 20], [20, 48], [48]]
        func instructions(_ outputs: @escaping ([Tensor]) -> [Tensor]) -> [Instruction] {
            Executable(Program(inputs: shapes) { outputs($0) }).passes.flatMap(\.instructions)
        }
        let added = instructions { [$0[0].matmul($0[1]) + $0[2]] }
        let shared = instructions { [$0[0].matmul($0[1]) + $0[2], $0[0].matmul($0[1])] }
        #expect(added.count == 1)
        #expect(shared.count == 2)
    }

    @Test("A number of each row that is rematerialized from one a batch entry is read in its place")
    func recomputedRows() {
        // 4096 · 3 numbers are large enough to be computed again, by the fused kernel that sums the rows of x · a.
        let shapes: [Shape] = [[4096, 3, 2], [4096, 1, 1], [4096, 3, 1]]
        let program = Program(inputs: shapes) { inputs in
            let rematerialized = 0.5 * inputs[1] * inputs[2]
            let sum = exp(rematerialized).sum([1], keepingAxes: true)
            return [(inputs[0] * sum).sum([2], keepingAxes: true) - rematerialized]
        }
        let values = shapes.indices.map { index in
            Tensor.materialized([.normal(shapes[index], key: RandomKey(seed: 9).folding(index))])[0]
        }
        let expected = program.evaluate(values.map(\.doubles))[0]
        #expect(
            mismatch(Executable(program)(values)[0].doubles, expected, within: 10 * PrimitiveTests.singlePrecision)
                == nil)
    }

    @Test("Equal numbers are reduced without a pass, whichever axes go")
    func equalNumbers() {
        let program = Program(inputs: [[4]]) { inputs in
            let numbers = Tensor(2.5).broadcast(to: [4, 3, 2])
            return [
                numbers.sum(), numbers.sum([2]).sum([1]) + inputs[0], numbers.max([1, 2]) * inputs[0],
                Tensor.zeros([4, 3]).sum([1], keepingAxes: true), 1 / Tensor(0.5).broadcast(to: [4]),
            ]
        }
        let found = Executable(program)([[1, 2, 3, 4]])
        #expect(mismatch(found, [[60], [16, 17, 18, 19], [2.5, 5, 7.5, 10], [0, 0, 0, 0], [2, 2, 2, 2]]) == nil)
        #expect(mismatch(program.evaluate([[1, 2, 3, 4]]), found.map(\.doubles)) == nil)
    }
}
