import Synchronization
import TestSupport
import Testing

@testable import CPU
@testable import Tensors

/// A backend that counts what it compiles.
private final class CountingBackend: Backend {
    private let count = Mutex(0)

    var compiled: Int { count.withLock { $0 } }

    func compile(_ program: Program, execution: Execution) throws -> any CompiledProgram {
        count.withLock { $0 += 1 }
        return try CPUBackend().compile(program, execution: execution)
    }

    func facts(of execution: Execution) -> [(name: String, value: String)] { [] }
    func plannedBytes(of program: Program) -> Int { CPUBackend().plannedBytes(of: program) }
}

@Suite("A cache of compiled programs") struct ProgramCacheTests {
    private let backend = CountingBackend()

    /// A layer of known weights.
    private func layer(_ seed: UInt64, width: Int = 20) -> Program {
        let weights = RandomKey(seed: seed).normal(count: 20 * width)
        return Program(inputs: [[8, 20]]) { [tanh($0[0].matmul(Tensor(weights, shape: [20, width])) + 1)] }
    }

    private let values = [RandomKey(seed: 5).normal(count: 160)]

    @Test("Programs that differ in constants alone are compiled once, and each has its own numbers")
    func constants() throws {
        let cache = ProgramCache(backend)
        for seed: UInt64 in [1, 2, 1] {
            let found = try cache.evaluate(layer(seed), values)[0]
            #expect(mismatch(found, try CPUBackend().evaluate(layer(seed), values)[0]) == nil)
        }
        #expect(backend.compiled == 1)
    }

    @Test("Programs of other shapes, operations, scalars or precisions are compiled each")
    func others() throws {
        let cache = ProgramCache(backend)
        _ = try cache.evaluate(layer(1), values)
        _ = try cache.evaluate(layer(1, width: 21), values)
        _ = try cache.evaluate(Program(inputs: [[8, 20]]) { [tanh($0[0]) + 2] }, values)
        _ = try cache.evaluate(Program(inputs: [[8, 20]]) { [tanh($0[0]) + 3] }, values)
        _ = try cache.compile(layer(1), execution: Execution(precision: .mixed))
        #expect(backend.compiled == 5)
    }

    @Test("A program that is in use is not lent a second time")
    func inUse() throws {
        let cache = ProgramCache(backend)
        let first = try cache.compile(layer(1)), second = try cache.compile(layer(2))
        let found = try [first(values)[0], second(values)[0], first(values)[0]]
        #expect(backend.compiled == 2)
        #expect(mismatch(found[2], found[0]) == nil)
        #expect(mismatch(found[1], found[0]) != nil)
    }

    @Test("The program that was used longest ago is dropped first")
    func capacity() throws {
        let cache = ProgramCache(backend, capacity: 1)
        for width in [20, 21, 20] { _ = try cache.evaluate(layer(1, width: width), values) }
        #expect(backend.compiled == 3)
        _ = try cache.evaluate(layer(1), values)
        #expect(backend.compiled == 3)
    }

    @Test("A program with a state begins at zero each time")
    func state() throws {
        let cache = ProgramCache(backend)
        let counter = Program(state: [[]], inputs: []) { state, _ in
            state[0] = state[0] + 1
            return [state[0]]
        }
        for _ in 0..<2 {
            let compiled = try cache.compile(counter)
            try compiled.run()
            #expect(compiled.scalar(0) == 1)
        }
    }

    @Test("A constant that is read in several places is one parameter, a hoisted one stays")
    func parameters() {
        let weights = Tensor([1, 2, 3], shape: [3]), table = exp(Tensor([4, 5, 6], shape: [3])).hoisted()
        let (program, parameters) = Program(inputs: [[3]]) { [$0[0] * weights + weights + table] }.parameterized
        #expect(program.inputs.map(\.shape) == [[3], [3]])
        #expect(parameters.map(\.values) == [[1, 2, 3]])
        let plain = Program(inputs: [[3]]) { [$0[0] * weights + weights + table] }.evaluate([[1, 1, 1]])
        #expect(program.evaluate([[1, 1, 1], [1, 2, 3]]) == plain)
    }
}
