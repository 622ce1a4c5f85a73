import TestSupport
import Testing

@testable import CPU
@testable import Tensors

@Suite("Mixed precision")
struct MixedPrecisionTests {
    /// Sums of rounded operands in float32: 300 products of numbers of order one.
    private let tolerance = 1e-6

    /// The nearest of the numbers with 8 bits of mantissa, ties to even.
    private func rounded(_ x: Float) -> Double {
        let bits = x.bitPattern
        return Double(Float(bitPattern: (bits &+ 0x7fff &+ (bits >> 16 & 1)) & 0xffff_0000))
    }

    private func numbers(_ count: Int, _ seed: UInt64) -> [Float] { RandomKey(seed: seed).normal(count: count) }

    private static let transposes = [(false, false), (true, false), (false, true), (true, true)]

    @Test(
        "A product is that of the operands rounded to bfloat16",
        arguments: [(64, 64, 64), (100, 35, 83), (20, 520, 270), (200, 130, 300)])
    func product(m: Int, n: Int, k: Int) {
        for (transposesA, transposesB) in Self.transposes {
            let shapes: [Shape] = [transposesA ? [k, m] : [m, k], transposesB ? [n, k] : [k, n]]
            let program = Program(inputs: shapes) { inputs in
                let a = transposesA ? inputs[0].transpose : inputs[0], b = transposesB ? inputs[1].transpose : inputs[1]
                return [a.matmul(b) / Double(k).squareRoot()]
            }
            let values = [numbers(m * k, 1), numbers(k * n, 2)]
            let found = Executable(program, execution: Execution(precision: .mixed))(values)[0]
            let expected = program.evaluate(values.map { $0.map(rounded) })[0]
            #expect(mismatch(found.doubles, expected, within: tolerance) == nil)
            #expect(relativeDifference(found.doubles, program.evaluate(values.map(\.doubles))[0]) > tolerance)
        }
    }

    @Test("A part of a product has the bits of the whole")
    func parts() {
        let program = Program(inputs: [[200, 70], [70, 90]]) { [$0[0].matmul($0[1])] }
        let values = [numbers(200 * 70, 3), numbers(70 * 90, 4)]
        let whole = Executable(program, execution: Execution(precision: .mixed))(values)
        #expect(
            mismatch(Executable(program, execution: Execution(precision: .mixed, threads: 3))(values), whole) == nil)
    }

    @Test("Products with a short side, and all that is no product, stay float32")
    func shortSides() {
        let program = Program(inputs: [[64, 2], [2, 64], [64, 64]]) { [$0[0].matmul($0[1]) + exp($0[2]).sum([1])] }
        let values = [numbers(128, 5), numbers(128, 6), numbers(4096, 7)]
        #expect(
            mismatch(Executable(program, execution: Execution(precision: .mixed))(values), Executable(program)(values))
                == nil)
    }

    @Test("What computes products is told for each precision")
    func words() {
        #expect(CPUBackend.products(in: .mixed).hasPrefix("bfloat16"))
        #expect(CPUBackend.products(in: .float32).hasPrefix("bfloat16") == false)
    }
}
