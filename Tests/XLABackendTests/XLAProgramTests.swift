import Tensors
import Foundation
import TestSupport
import Testing

@testable import XLA

@Suite("A program on XLA", .enabled(if: Plugins.isSomeInstalled, Plugins.advice)) struct XLAProgramTests {
    /// Two states, of which one takes the other's place, and an output of what was before.
    private static func program(_ count: Int) -> Program {
        Program(state: [[count], [count]], inputs: [[]]) { state, inputs in
            let before = state[0].sum()
            state = [state[1] * 0.5 + inputs[0], state[0] + 1]
            return [before]
        }
    }

    @Test("keeps its state in the same memory from run to run, all of it", arguments: Plugins.clients)
    func donation(_ plugin: InstalledPlugin) throws {
        let count = 1 << 16
        let program = Program(state: [[count], [count]], inputs: [[]]) { state, inputs in
            state = [state[0] * 0.5 + inputs[0], state[1] + state[0]]
            return []
        }
        let compiled = try plugin.backend().xlaProgram(program)
        #expect(try compiled.memory().aliased == 2 * 4 * count)
        compiled.write(Array(repeating: 4, count: count), to: 0)
        compiled.write([1], to: 2)
        compiled.write(Array(repeating: 0, count: count), to: 1)
        let before = try compiled.stateAddresses()
        var seen: Set<[UInt?]> = []
        for _ in 0..<20 {
            try compiled.run()
            seen.insert(try compiled.stateAddresses())
        }
        #expect(seen == [before])
        #expect(Set(before).count == 2)
        // 2 + 2 · 0.5ⁿ, and its sum over the runs before.
        #expect(compiled.input(0)[count - 1] == 2 + 2 * Float(0x1p-20))
        #expect(compiled.input(1)[0] == 40 + 4 * (1 - Float(0x1p-20)))
    }

    @Test("gives out a state's value before the run, also where states change places", arguments: Plugins.clients)
    func states(_ plugin: InstalledPlugin) throws {
        let compiled = try plugin.backend().xlaProgram(Self.program(3))
        compiled.write([1, 2, 3], to: 0)
        compiled.write([10, 20, 30], to: 1)
        compiled.write([100], to: 2)
        try compiled.run()
        #expect(compiled.output(0) == [6])
        #expect(compiled.input(0) == [105, 110, 115])
        #expect(compiled.input(1) == [2, 3, 4])
        compiled.write([0, 0, 0], to: 1)
        try compiled.run()
        #expect(compiled.output(0) == [330])
        #expect(compiled.input(0) == [100, 100, 100])
    }

    @Test("does several steps in one run with the bits of as many runs, its state in place", arguments: Plugins.clients)
    func severalSteps(_ plugin: InstalledPlugin) throws {
        let key = RandomKey(seed: 4)
        let program = Program(state: [[8, 8], []], inputs: [[8, 8]]) { state, inputs in
            let noise = Tensor.normal([8, 8], key: key, step: state[1])
            state = [tanh(state[0].matmul(inputs[0]) + noise), state[1] + 1]
            return [state[0].sum(), state[0].slice(0..<1)]
        }
        let values = [key.normal(count: 64), [0], key.uniform(count: 64)]
        let single = try plugin.backend().xlaProgram(program), several = try plugin.backend().xlaProgram(program)
        for (index, value) in values.enumerated() {
            single.write(value, to: index)
            several.write(value, to: index)
        }
        let addresses = try several.stateAddresses()
        for steps in [4, 1, 3] {
            #expect(try several.run(steps: steps) == steps)
            for _ in 0..<steps { try single.run() }
            #expect(several.input(0) == single.input(0))
            #expect(several.scalar(0) == single.scalar(0))
            #expect(several.output(1) == single.output(1))
        }
        #expect(several.input(1) == [8])
        #expect(try several.stateAddresses() == addresses)
        #expect(try several.memory().aliased == 4 * 65)
    }

    @Test("ends a run of several steps after the one whose output is not finite", arguments: Plugins.clients)
    func notFinite(_ plugin: InstalledPlugin) throws {
        let program = Program(state: [[]], inputs: []) { state, _ in
            state = [state[0] + 1]
            return [1 / (5 - state[0]), state[0].broadcast(to: [2]) / 0.0]
        }
        let compiled = try plugin.backend().xlaProgram(program)
        // The second output is not finite either, and no scalar.
        #expect(try compiled.run(steps: 3) == 3)
        #expect(compiled.scalar(0) == 0.5)
        #expect(try compiled.run(steps: 10) == 2)
        #expect(compiled.input(0) == [5])
        #expect(compiled.scalar(0) == .infinity)
        #expect(try compiled.run(steps: 10) == 10)
        #expect(compiled.input(0) == [15])
    }

    @Test("computes once what is hoisted, and inputs are zero until they are written", arguments: Plugins.clients)
    func hoisted(_ plugin: InstalledPlugin) throws {
        let table = Tensor((0..<100).map { Float($0) / 100 }, shape: [100])
        let program = Program(inputs: [[100]]) { [$0[0] + sin(table * 2).hoisted() * 3] }
        let module = HLOModule(program)
        #expect(!module.text.contains("sine"))
        #expect(module.hoisted.count == 1 && module.constants.isEmpty)
        let compiled = try plugin.backend().xlaProgram(program)
        let expected = program.evaluate([Array(repeating: 0, count: 100)])[0]
        try compiled.run()
        #expect(mismatch(compiled.output(0).doubles, expected, within: XLAPrimitiveTests.singlePrecision) == nil)
    }

    @Test("says how it is computed, and how much memory it takes", arguments: Plugins.clients)
    func facts(_ plugin: InstalledPlugin) throws {
        let backend = try plugin.backend(flags: ["xla_backend_optimization_level": "1"])
        let facts = backend.facts(of: Execution())
        #expect(facts.map(\.name) == ["device", "platform", "plugin", "stableHLO", "flags"])
        #expect(facts[0].value == "cpu" && facts[1].value == "cpu")
        #expect(facts[2].value == "\(plugin), PJRT \(plugin.client.plugin.version)")
        #expect(facts[4].value == "xla_backend_optimization_level=1")
        // Two inputs and an output of 4096 numbers, and the word that is 0.
        #expect(backend.plannedBytes(of: Program(inputs: [[4096], [4096]]) { [$0[0] + $0[1]] }) == 3 * 4 * 4096 + 4)
    }

    @Test("Two runs have the same bits", arguments: Plugins.clients)
    func repeats(_ plugin: InstalledPlugin) throws {
        let program = Program(inputs: [[64, 100], [100, 30]]) { [softmax($0[0].matmul($0[1])).sum([0])] }
        let values = program.inputs.enumerated().map { RandomKey(seed: 1).folding($0).normal(count: $1.shape.count) }
        let compiled = try plugin.backend().xlaProgram(program)
        #expect(try compiled(values) == compiled(values))
    }

    @Test("An option that a plug-in does not know is an error in its words", arguments: Plugins.clients)
    func unknownFlag(_ plugin: InstalledPlugin) throws {
        let backend = try plugin.backend(flags: ["xla_no_such_flag": "true"])
        let error = #expect(throws: PJRTError.self) { try backend.xlaProgram(Self.program(3)) }
        #expect(error?.action == "compile a program")
        #expect(error?.message.contains("xla_no_such_flag") == true)
        #expect("\(try #require(error))".hasPrefix(plugin.client.plugin.path + " could not compile a program: "))
    }

    @Test("A device that a plug-in does not have is refused", arguments: Plugins.clients)
    func noSuchDevice(_ plugin: InstalledPlugin) throws {
        let count = plugin.client.devices.count
        let error = #expect(throws: PluginRefusal.self) { try XLABackend(plugin.client, device: count) }
        #expect(error?.reason == "it has \(count) devices, counted from 0, and none of number \(count)")
    }
}
