import TestSupport
import Testing

@testable import FlowMaps
@testable import Tensors

@Suite("Averages along a power of the step") struct PowerAverageTests {
    /// A scalar that is trained.
    private struct Number: Module {
        var value: Tensor

        mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) { visit("value", &value) }
    }

    /// A path of parameters that settles while it shakes, as a training's do.
    private static let path: [Double] = RandomKey(seed: 4).normal(count: 2000).enumerated().map { index, noise in
        let share = Double(index + 1) / 2000
        return 1 - share + 0.3 * Double(noise)
    }

    /// The average of a deviation after each of some steps, step by step as a training has it.
    private func averages(_ deviation: Double, after steps: [Int]) -> [Double] {
        let average = PowerAverage(deviation: deviation)
        var (sum, found) = (0.0, [Double]())
        for (index, value) in Self.path.enumerated() {
            let decay = power(1 - 1 / Double(index + 1), average.exponent + 1)
            sum = decay * sum + (1 - decay) * value
            if steps.contains(index + 1) { found.append(sum) }
        }
        return found
    }

    @Test(
        "the exponent has the deviation asked for, and solves the published cubic", arguments: [0.01, 0.05, 0.1, 0.25])
    func exponent(deviation: Double) {
        let exponent = PowerAverage(deviation: deviation).exponent
        // Float64 rounding, of a cubic whose terms are some 10⁶.
        #expect(abs(PowerAverage.deviation(ofExponent: exponent) / deviation - 1) < 1e-12)
        let inverse = 1 / (deviation * deviation)
        let cubic =
            exponent * exponent * exponent + 7 * exponent * exponent + (16 - inverse) * exponent + 12 - inverse
        #expect(abs(cubic) < 1e-9 * exponent * exponent * exponent + 1e-9)
    }

    @Test("its weights over the steps have that deviation, and the first step is taken whole")
    func weights() {
        // The weight of step s in the average after n: 1 − β_s times all later β.
        let average = PowerAverage(deviation: 0.1), count = 4000
        var weights = [Double](repeating: 0, count: count)
        var rest = 1.0
        for step in stride(from: count, through: 1, by: -1) {
            let decay = power(1 - 1 / Double(step), average.exponent + 1)
            weights[step - 1] = rest * (1 - decay)
            rest *= decay
        }
        let places = weights.indices.map { Double($0 + 1) / Double(count) }
        let mean = zip(places, weights).reduce(0) { $0 + $1.0 * $1.1 }
        let square = zip(places, weights).reduce(0) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 }
        // Steps of 1/4000 in place of a continuum.
        #expect(abs(square.squareRoot() - 0.1) < 1e-3 && abs(weights.reduce(0, +) - 1) < 1e-9)
        var number = Number(value: Tensor(5))
        average.update(&number, towards: Number(value: Tensor(2)), step: Tensor(1))
        #expect(number.value.evaluated() == [2])
    }

    @Test("the update is the recursion, in a compiled program too")
    func update() throws {
        let average = PowerAverage(deviation: 0.1)
        let program = Program(state: [[], []], inputs: [[]]) { state, inputs in
            var number = Number(value: state[0])
            state[1] = state[1] + 1
            average.update(&number, towards: Number(value: inputs[0]), step: state[1])
            state[0] = number.value
            return []
        }
        let compiled = onCPU { try $0.compile(program) }
        for value in Self.path {
            compiled.write([Float(value)], to: 2)
            try compiled.run()
        }
        // Float32 over two thousand steps, each of which forgets.
        #expect(abs(Double(compiled.input(0)[0]) - averages(0.1, after: [2000])[0]) < 1e-5)
    }

    @Test("a stored average is made of itself alone")
    func stored() {
        let stored = [0.05, 0.1].map { (average: PowerAverage(deviation: $0), step: 2000.0) }
        #expect(PowerAverage.synthesis(of: stored[1], from: stored) == [0, 1])
        #expect(PowerAverage.synthesis(of: stored[0], from: stored) == [1, 0])
    }

    @Test(
        "another is made of those stored on the way, closely, in shares that add up to 1",
        arguments: [0.06, 0.075, 0.12, 0.2])
    func synthesised(deviation: Double) {
        // The path falls by 1, of which averages of these lengths differ by hundredths and more; one twice as long as the longest
        // stored is met to a thousandth.
        let tolerance = 2e-3
        let steps = (1...16).map { 125 * $0 }
        let values = [0.05, 0.1].map { averages($0, after: steps) }
        let stored = steps.indices.flatMap { index in
            [0.05, 0.1].map { (average: PowerAverage(deviation: $0), step: Double(steps[index])) }
        }
        let numbers = steps.indices.flatMap { index in values.map { $0[index] } }
        let shares = PowerAverage.synthesis(of: (PowerAverage(deviation: deviation), 2000), from: stored)
        let found = zip(shares, numbers).reduce(0) { $0 + $1.0 * $1.1 }
        let expected = averages(deviation, after: [2000])[0]
        #expect(abs(found - expected) < tolerance, "\(found) for \(expected)")
        #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
        // None of those stored at the end is it.
        #expect(values.allSatisfy { abs($0.last! - expected) > 2 * abs(found - expected) })
    }
}
