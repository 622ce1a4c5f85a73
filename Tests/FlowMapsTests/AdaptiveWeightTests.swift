import Tensors
import FlowMaps
import TestSupport
import Testing

@Suite("The adaptive weight of residuals") struct AdaptiveWeightTests {
    /// Float64 rounding through an exponential and a logarithm.
    private let rounding = 1e-13

    private let residual = Tensor([3, 4, 0.5, 0, 0, 0], shape: [3, 2])

    @Test("k = 0 is the identity, exactly")
    func identity() {
        let found = AdaptiveWeight(power: 0, epsilon: 1e-3)(residual).evaluated()
        #expect(mismatch(found, residual.evaluated()) == nil)
    }

    @Test("k > 0 divides a row by the power k of its mean square and ε", arguments: [0.5, 1, 2])
    func formula(power: Double) {
        let epsilon = 0.25
        let found = AdaptiveWeight(power: power, epsilon: epsilon)(residual).evaluated()
        // Mean squares 12.5, 0.125 and 0.
        let divisors = [12.5, 0.125, 0].map { mean in
            let base = mean + epsilon
            return power == 0.5 ? base.squareRoot() : power == 1 ? base : base * base
        }
        let expected = [3 / divisors[0], 4 / divisors[0], 0.5 / divisors[1], 0, 0, 0]
        #expect(mismatch(found, expected, within: rounding) == nil)
    }

    @Test("k = 1 gives large residuals one size: the root of d, over the residual's norm")
    func size() {
        let found = AdaptiveWeight(power: 1, epsilon: 1e-9)(residual * 1000).evaluated()
        let norm = (found[0] * found[0] + found[1] * found[1]).squareRoot()
        #expect(abs(norm - 2.0 / 5000) < 1e-9)
    }

    @Test("a negative power and an ε of 0 are refused")
    func refused() {
        let power = #expect(throws: Violation.self) { try AdaptiveWeight(power: -1, epsilon: 1).validate() }
        #expect(power?.description == "power: found -1.0, allowed: at least 0.0")
        let epsilon = #expect(throws: Violation.self) { try AdaptiveWeight(power: 1, epsilon: 0).validate() }
        #expect(epsilon?.description == "epsilon: found 0.0, allowed: more than 0")
        #expect(throws: Never.self) { try AdaptiveWeight(power: 0, epsilon: 1e-9).validate() }
    }
}
