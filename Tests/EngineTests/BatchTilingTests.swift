import TestSupport
import Testing

@testable import CPU
@testable import Tensors

@Suite("A step done one batch tile at a time") struct BatchTilingTests {
    private static let samples = 24, tokens = 7, width = 32
    /// Bands of two samples, however small the work.
    private static let batchTiles = BatchTiling.Limits(smallest: 1, fewestRows: 1, size: 1300)
    private static let whole = BatchTiling.Limits(smallest: .max)

    private static let shapes: [Shape] = [
        [samples, tokens, width], [samples, 1, width], [width, 3 * width], [width, 64], [64, width], [64], [width, 20],
    ]

    /// A transformer's block with its tangent, and the gradient of a loss by all that it is made of: products, attention and norms
    /// by samples, sums over the batch of gradients and of biases', numbers of rows, state in place.
    private static let program = Program(state: [[width, 64]], inputs: shapes) { state, inputs in
        func block(_ inputs: [Tensor]) -> Tensor {
            let (x, shift) = (inputs[0], inputs[1])
            let norm = LayerNorm()(x) * (1 + shift) + shift
            let middle = x + AttentionPart.value([norm.matmul(inputs[2])], heads: 2)
            let hidden = gelu(LayerNorm()(middle).matmul(inputs[3] + state[0]) + inputs[5])
            return middle + hidden.matmul(inputs[4])
        }
        let result = valueAndGradient(
            of: { inputs in
                let (value, tangent) = jvp({ block([$0] + inputs[1...]) }, at: inputs[0], along: square(inputs[0]))
                let thin = (value + stopGradient(tangent)).matmul(inputs[6])
                return square(thin).mean() + (value * stopGradient(tangent)).max([2]).mean()
            }, at: inputs)
        state[0] = 0.5 * state[0] + result.gradient[3]
        return [result.value] + result.gradient
    }

    private static let values: [[Float]] = program.inputs.enumerated().map { index, input in
        RandomKey(seed: 5).folding(index).normal(count: input.shape.count).map { 0.3 * $0 }
    }

    /// Outputs and state after two runs.
    private func computed(_ limits: BatchTiling.Limits, _ execution: Execution = Execution()) -> [[Float]] {
        let executable = Executable(Self.program, execution: execution, limits: limits)
        let first = executable(Self.values)
        executable.run()
        return first + Self.program.outputs.indices.map(executable.output) + [executable.input(0)]
    }

    private func groups(_ limits: BatchTiling.Limits) -> [BatchTiling.Group] {
        Schedule(Graph(Self.program), limits).groups
    }

    @Test("is done in batch tiles: most of its stages are members of groups, in their order")
    func isTiled() {
        let groups = groups(Self.batchTiles)
        #expect(groups.allSatisfy { $0.count == 12 })
        var shared = Self.batchTiles
        for (threads, count) in [(8, 8), (5, 12)] {
            shared.threads = threads
            #expect(self.groups(shared).allSatisfy { $0.count == count })
        }
        #expect(groups.reduce(0) { $0 + $1.stages.count } > 12)
        #expect(zip(groups, groups.dropFirst()).allSatisfy { $0.stages.upperBound <= $1.stages.lowerBound })
        #expect(self.groups(Self.whole).isEmpty)
        #expect(self.groups(.init()).isEmpty)
    }

    @Test("has every bit of the step done whole", arguments: Precision.allCases)
    func sameBits(precision: Precision) {
        let execution = Execution(precision: precision)
        #expect(mismatch(computed(Self.batchTiles, execution), computed(Self.whole, execution)) == nil)
    }

    @Test("has the float64 values")
    func values() {
        let expected = Self.program.evaluate(Self.values.map(\.doubles))
        let executable = Executable(Self.program, execution: Execution(), limits: Self.batchTiles)
        for (found, expected) in zip(executable(Self.values), expected) {
            #expect(mismatch(found.doubles, expected, within: 5 * PrimitiveTests.singlePrecision) == nil)
        }
    }

    @Test("has every bit on several threads, each with batch tiles of its own", arguments: [2, 3, 13])
    func threads(count: Int) {
        #expect(mismatch(computed(Self.batchTiles, Execution(threads: count)), computed(Self.whole)) == nil)
    }
}
