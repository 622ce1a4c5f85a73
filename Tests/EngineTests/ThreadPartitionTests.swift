import TestSupport
import Testing

@testable import CPU
@testable import Tensors

@Suite("A program on several threads") struct ThreadPartitionTests {
    private static let shapes: [Shape] = [[24, 49, 32], [32, 96], [96, 32], [32, 5], [24, 49, 49], [96]]

    /// Every kind of instruction on arrays large enough to be divided, of rows that fill no vectors.
    private static let program = Program(state: [[32, 96]], inputs: Array(shapes)) { state, inputs in
        let result = valueAndGradient(
            of: { inputs in
                let (x, first, second, thin) = (inputs[0], inputs[1], inputs[2], inputs[3])
                let norm = LayerNorm()(x)
                let (hidden, slope) = jvp({ silu($0.matmul(first) + inputs[5]) }, at: norm, along: .ones(x.shape))
                let mixed = hidden.matmul(second) + (slope * slope).matmul(second)
                let seen = softmax(mixed.matmul(mixed.transpose) + inputs[4]).matmul(x)
                let table = Tensor.normal([7, 32], key: RandomKey(seed: 1), step: Tensor(3))
                let rows = table.gather(Tensor((0..<24).map { Float($0 % 7) }, shape: [24]))
                return square(seen + rows.reshaped(to: [24, 1, 32])).mean() + seen.matmul(thin).max().mean()
            }, at: inputs)
        state[0] = 0.5 * state[0] + result.gradient[1]
        return [result.value] + result.gradient
    }

    private static let values: [[Float]] = program.inputs.enumerated().map { index, input in
        Tensor.materialized([0.3 * .normal(input.shape, key: RandomKey(seed: 2).folding(index))])[0]
    }

    /// Outputs and state after two runs.
    private func computed(_ execution: Execution) -> [[Float]] {
        let executable = Executable(Self.program, execution: execution)
        let first = executable(Self.values)
        executable.run()
        return first + Self.program.outputs.indices.map(executable.output) + [executable.input(0)]
    }

    @Test("has every bit of one thread's", arguments: [2, 3, 5])
    func sameBits(threads: Int) {
        #expect(mismatch(computed(Execution(threads: threads)), computed(Execution())) == nil)
    }

    @Test("Blocks of sums follow from the shape: equal, of eight rows at least, sixteen at most")
    func blocks() {
        func blocks(_ rows: Int, _ columns: Int) -> SummationBlocks {
            SummationBlocks(View(value: 0, shape: [columns]).broadcast(to: [rows, columns]))
        }
        let found = [(64, 768), (512, 512), (100, 64), (97, 64), (24, 16)].map { blocks($0, $1).count }
        #expect(found == [8, 16, 10, 1, 1])
        #expect(blocks(512, 512).elements == 32 * 512 && blocks(512, 512).floats(of: 512) == 16 * 512)
        let ofSamples = SummationBlocks(
            View(value: 0, shape: [64, 1, 32]).columns(of: [64, 49, 32]))
        #expect(ofSamples.count == 8 && !ofSamples.isShared && ofSamples.floats(of: 64 * 32) == 0)
    }

    @Test("repeats bit for bit")
    func repeats() {
        let execution = Execution(threads: 2)
        let first = computed(execution)
        for _ in 0..<10 { #expect(mismatch(computed(execution), first) == nil) }
    }

    @Test("divides what there is: no thread does all of it")
    func isDivided() {
        let executable = Executable(Self.program)
        withExtendedLifetime(executable) {
            let threads = ThreadPartition(executable.passes, among: 2).threads.map { $0.flatMap(\.instructions) }
            #expect(threads[0].count == threads[1].count)
            let busy = threads[1].filter { if case .idle = $0 { false } else { true } }.count
            #expect(busy * 2 > threads[1].count)
        }
    }

    @Test("Elementwise work does not know of the partition")
    func elementwise() {
        let program = Program(inputs: [[100, 333]]) { [exp(silu($0[0]) * 0.5) + sin($0[0])] }
        let values = Tensor.materialized([.normal([100, 333], key: RandomKey(seed: 4))])
        #expect(
            mismatch(Executable(program, execution: Execution(threads: 3))(values), Executable(program)(values)) == nil)
    }

    @Test(
        "Portions cover an extent, at multiples of the unit",
        arguments: [(10, 1, 3), (100, 16, 3), (16, 16, 4), (0, 1, 2), (7, 16, 2)])
    func portions(extent: Int, unit: Int, count: Int) {
        let ranges = (0..<count).map { Chunk($0, of: count).range(of: extent, inMultiplesOf: unit) }
        #expect(ranges.flatMap { Array($0) } == Array(0..<extent))
        #expect(ranges.allSatisfy { $0.lowerBound % unit == 0 || $0.isEmpty })
    }
}
