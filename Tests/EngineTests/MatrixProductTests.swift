import TestSupport
import Testing

@testable import CPU
@testable import Tensors

@Suite("Matrix products") struct MatrixProductTests {
    /// Sums of up to 600 products of numbers of order one in float32, beside the largest of them.
    private let tolerance = 1e-6

    @Test(
        "A product of several blocks is the float64 product, however its operands lie",
        arguments: [(200, 330, 300), (97, 65, 257), (22, 257, 64), (103, 64, 600)])
    func blocks(m: Int, n: Int, k: Int) {
        for (transposesA, transposesB) in [(false, false), (true, false), (false, true), (true, true)] {
            let shapes: [Shape] = [transposesA ? [k, m] : [m, k], transposesB ? [n, k] : [k, n], [n]]
            let values = shapes.enumerated().map { RandomKey(seed: UInt64($0)).normal(count: $1.count) }
            for addsBias in [false, true] {
                let program = Program(inputs: shapes) { inputs in
                    let a = transposesA ? inputs[0].transpose : inputs[0]
                    let b = transposesB ? inputs[1].transpose : inputs[1]
                    return [addsBias ? a.matmul(b) + inputs[2] : a.matmul(b)]
                }
                let found = Executable(program)(values)[0], expected = program.evaluate(values.map(\.doubles))[0]
                #expect(mismatch(found.doubles, expected, within: tolerance) == nil)
            }
        }
    }
}
