import Tensors
import TestSupport
import Testing

@testable import XLA

@Suite("Random numbers on XLA", .enabled(if: Plugins.isSomeInstalled, Plugins.advice)) struct XLARandomNumberTests {
    private static let key = RandomKey(seed: 11).folding("noise")

    @Test("have the CPU's bits at each step", arguments: Plugins.clients)
    func bits(_ plugin: InstalledPlugin) throws {
        let counts = [0, 1, 63, 65, 50_000]
        let program = Program(inputs: [[]]) { inputs in
            counts.flatMap { count -> [Tensor] in
                let shape: Shape = [count]
                return [
                    .uniform(shape, key: Self.key, step: inputs[0]), .normal(shape, key: Self.key, step: inputs[0]),
                    .integers(below: 10, shape, key: Self.key, step: inputs[0]),
                    .integers(below: 1 << 24, shape, key: Self.key, step: inputs[0]),
                ]
            }
        }
        let compiled = try plugin.backend().xlaProgram(program)
        for step: UInt32 in [0, 1, 7, 1 << 24 - 1] {
            let found = try compiled([[Float(step)]])
            for (index, count) in counts.enumerated() {
                let expected = [
                    Self.key.uniform(count: count, step: step), Self.key.normal(count: count, step: step),
                    Self.key.integers(count: count, below: 10, step: step).map(Float.init),
                    Self.key.integers(count: count, below: 1 << 24, step: step).map(Float.init),
                ]
                #expect(
                    mismatch(
                        found[(4 * index)..<(4 * index + 4)].map { $0.map(\.bitPattern) },
                        expected.map { $0.map(\.bitPattern) }) == nil)
            }
        }
    }

    @Test("have the CPU's bits where a sum follows them", arguments: Plugins.clients)
    func bitsInsideASum(_ plugin: InstalledPlugin) throws {
        let count = 20_000
        let program = Program(inputs: [[], [count]]) { inputs in
            [Tensor.normal([count], key: Self.key, step: inputs[0]) + inputs[1]]
        }
        let added = RandomKey(seed: 2).normal(count: count)
        let found = try plugin.backend().xlaProgram(program)([[5], added])[0]
        let expected = zip(Self.key.normal(count: count, step: 5), added).map { $0 + $1 }
        #expect(mismatch(found.map(\.bitPattern), expected.map(\.bitPattern)) == nil)
    }

    @Test("Another seed and other weights have the same text, and nothing to compile")
    func oneTextForAllSeeds() {
        func module(_ seed: UInt64) -> HLOModule {
            let key = RandomKey(seed: seed), weights = key.folding("weights").normal(count: 32)
            return HLOModule(
                Program(inputs: [[4, 4]]) { inputs in
                    [inputs[0].matmul(Tensor(weights, shape: [4, 8])) + .normal([4, 8], key: key.folding("noise"))]
                })
        }
        let (one, other) = (module(1), module(2))
        #expect(one.text == other.text)
        #expect(one.keys != other.keys)
        #expect(one.constants[0].values != other.constants[0].values)
    }
}
