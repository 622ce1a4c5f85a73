import TestSupport
import Testing

@testable import CPU
@testable import Tensors

@Suite("A fused kernel") struct FusedKernelTests {
    @Test("of nothing but numbers of rows, which it repeats along them and reduces again, has its value")
    func rowsAlone() {
        let program = Program(inputs: [[40, 1]]) { inputs in
            let repeated = sin(inputs[0].broadcast(to: [40, 3]))
            return [repeated.sum([1]), repeated.max([1])]
        }
        let values = [RandomKey(seed: 12).normal(count: 40)]
        for (found, expected) in zip(Executable(program)(values), program.evaluate(values.map(\.doubles))) {
            #expect(relativeDifference(found.doubles, expected) < PrimitiveTests.singlePrecision)
        }
    }
}
