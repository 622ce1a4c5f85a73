import Tensors
import Foundation
import TestSupport
import Testing

@testable import RandomPrograms
@testable import XLA

@Suite("Random programs on XLA", .enabled(if: Plugins.isSomeInstalled, Plugins.advice))
struct XLARandomProgramTests {
    private static let environment = ProcessInfo.processInfo.environment

    /// Thousands with ABLATE_SLOW_TESTS, or the one that ABLATE_FUZZ_SEED names.
    private static func seeds(_ count: Int) -> Range<Int> {
        if let one = environment["ABLATE_FUZZ_SEED"].flatMap({ Int($0) }) { return one..<(one + 1) }
        return 0..<(environment["ABLATE_SLOW_TESTS"] != nil ? 50 * count : count)
    }

    @Test(
        "have their float64 values, from state to state, within a running error analysis", arguments: Plugins.clients)
    func values(_ plugin: InstalledPlugin) throws {
        for seed in Self.seeds(7) { try check(plugin, seed, Execution()) }
    }

    @Test("have them in mixed precision", arguments: Plugins.clients.prefix(1))
    func mixedPrecision(_ plugin: InstalledPlugin) throws {
        for seed in Self.seeds(4) { try check(plugin, seed, Execution(precision: .mixed)) }
    }

    private func check(_ plugin: InstalledPlugin, _ seed: Int, _ execution: Execution) throws {
        let random = ProgramGenerator.program(seed: seed)
        guard let fault = try fault(random, plugin, execution) else { return }
        let smallest = random.shrunk(tries: 60) { ((try? self.fault($0, plugin, execution)) ?? nil) != nil }
        Issue.record(
            """
            ABLATE_FUZZ_SEED=\(seed) on \(plugin), \(execution.precision): \(fault)
            and of that, \(try self.fault(smallest, plugin, execution) ?? ""):
            \(smallest)
            """)
    }

    /// What is wrong with a run, or with a second one from the state that the first has left; nil if nothing is.
    private func fault(_ random: RandomProgram, _ plugin: InstalledPlugin, _ execution: Execution) throws -> String? {
        let program = random.program, compiled = try plugin.backend().xlaProgram(program, execution)
        var given = random.arguments
        for (index, numbers) in given.enumerated() { compiled.write(numbers, to: index) }
        for run in 0..<(program.updates.isEmpty ? 1 : 2) {
            try compiled.run()
            let state = program.updates.indices.map(compiled.input)
            let found = program.outputs.indices.map(compiled.output) + state
            let expected = ErrorBounds.results(
                program.inputs.map(\.shape), given.map(\.doubles),
                operandRounding: execution.precision == .mixed ? ErrorBounds.bfloat16 : 0
            ) { random($0) }
            for (index, (found, expected)) in zip(found, expected).enumerated() {
                let place = found.indices.first {
                    expected.bounds[$0] < .infinity
                        && !(abs(Double(found[$0]) - expected.values[$0]) <= expected.bounds[$0])
                }
                guard let place else { continue }
                return "in run \(run) result \(index)[\(place)] is \(found[place]), not \(expected.values[place]) ± "
                    + "\(expected.bounds[place])"
            }
            given.replaceSubrange(0..<state.count, with: state)
        }
        return nil
    }
}
