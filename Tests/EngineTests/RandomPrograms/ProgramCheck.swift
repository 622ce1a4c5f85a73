import TestSupport

@testable import CPU
@testable import RandomPrograms
@testable import Tensors

/// Runs a random program in several ways and compares what comes out with its float64 values.
struct ProgramCheck {
    typealias Results = [(values: [Double], bounds: [Double])]

    let random: RandomProgram
    private let program: Program
    private let arguments: [[Float]]
    /// By the rounding of products' operands.
    private var expected: [Double: Results] = [:]
    private var bitsOfWhole: [Precision: [[UInt32]]] = [:]
    /// Numbers compared, and of these those whose bound is not below a thousandth of them.
    private(set) var compared = 0, undecided = 0

    init(_ random: RandomProgram) {
        self.random = random
        (program, arguments) = (random.program, random.arguments)
    }

    /// What is wrong with the program carried out in a way; nil if nothing is.
    mutating func fault(_ way: Way) -> String? {
        let executable = Executable(program, execution: way.execution, limits: way.limits)
        let found = run(executable, arguments)
        if let fault = fault(found, results(way)) { return fault }
        let again = run(executable, arguments)
        if bits(again) != bits(found) { return "a second run of the same values gives other bits" }
        if way.hasBitsOfWhole {
            let precision = way.execution.precision
            let whole =
                bitsOfWhole[precision]
                ?? bits(run(Executable(program, execution: Execution(precision: precision)), arguments))
            bitsOfWhole[precision] = whole
            if let different = zip(bits(found), whole).enumerated().first(where: { $1.0 != $1.1 })?.offset {
                return "\(name(different)) has other bits than done whole"
            }
        }
        // What is computed again has other bits than in a program done whole, which the cache compiles.
        if way.execution == Execution(), way.hasBitsOfWhole,
            bits(onCPU { try ProgramCache($0).evaluate(program, arguments) })
                != bits(Array(found.prefix(program.outputs.count)))
        {
            return "its constants as inputs give other bits"
        }
        guard !program.updates.isEmpty else { return nil }
        // From the state that the first run left.
        let state = found.suffix(program.updates.count), next = Array(state + arguments[state.count...])
        executable.run()
        return fault(results(of: executable), bounds(next, way)).map { "in a second run from the new state " + $0 }
    }

    /// Outputs, then the new state.
    private func run(_ executable: Executable, _ values: [[Float]]) -> [[Float]] {
        for (index, numbers) in values.enumerated() { executable.write(numbers, to: index) }
        executable.run()
        return results(of: executable)
    }

    private func results(of executable: Executable) -> [[Float]] {
        program.outputs.indices.map(executable.output) + program.updates.indices.map(executable.input)
    }

    private mutating func results(_ way: Way) -> Results {
        if let known = expected[way.operandRounding] { return known }
        let results = bounds(arguments, way)
        expected[way.operandRounding] = results
        return results
    }

    private func bounds(_ arguments: [[Float]], _ way: Way) -> Results {
        ErrorBounds.results(
            program.inputs.map(\.shape), arguments.map(\.doubles), operandRounding: way.operandRounding
        ) { random($0) }
    }

    private func bits(_ results: [[Float]]) -> [[UInt32]] { results.map { $0.map(\.bitPattern) } }

    /// Of the first result that lies outside of its bounds: where, both numbers and how far they may differ, and how many do.
    private mutating func fault(_ found: [[Float]], _ expected: Results) -> String? {
        var first: String?, count = 0
        for (index, (found, expected)) in zip(found, expected).enumerated() {
            for place in found.indices {
                let value = expected.values[place], bound = expected.bounds[place]
                let difference = abs(Double(found[place]) - value)
                compared += 1
                if bound > 1e-3 * max(1, abs(value)) { undecided += 1 }
                if difference <= bound || bound == .infinity { continue }
                count += 1
                if first == nil {
                    first = "\(name(index))[\(place)] is \(found[place]), not \(value) ± \(bound)"
                }
            }
        }
        return first.map { "\($0); \(count) such numbers" }
    }

    private func name(_ result: Int) -> String {
        let outputs = random.outputs
        return result < outputs.count ? "v\(outputs[result])" : "state v\(random.states[result - outputs.count])"
    }
}
