import TestSupport
import Testing

@testable import CPU
@testable import Tensors

@Suite("Transforms compose") struct TransformTests {
    /// Rounding of float64 through a handful of operations.
    static let tolerance = 1e-12

    /// x³ sin x, whose derivatives are known.
    private func curve(_ x: Tensor) -> Tensor { x * x * x * sin(x) }

    private func evaluate(_ x: Double, _ body: (Tensor) -> Tensor) -> Double {
        Program(inputs: [[]]) { [body($0[0])] }.evaluate([[x]])[0][0]
    }

    @Test("jvp of a jvp is the second derivative")
    func secondDerivativeForward() {
        let found = evaluate(1.3) { x in
            jvp({ x in jvp(curve, at: x, along: Tensor(1)).tangent }, at: x, along: Tensor(1)).tangent
        }
        let x = 1.3
        let expected = 6 * x * sine(x) + 6 * x * x * cosine(x) - x * x * x * sine(x)
        #expect(abs(found - expected) < Self.tolerance * 10)
    }

    @Test("A gradient of a jvp, a jvp of a gradient and a gradient of a gradient are the same second derivative")
    func mixedSecondDerivatives() {
        let forward = evaluate(0.7) { x in
            jvp({ x in jvp(curve, at: x, along: Tensor(1)).tangent }, at: x, along: Tensor(1)).tangent
        }
        let gradientOfJvp = evaluate(0.7) { x in gradient(of: { jvp(curve, at: $0, along: Tensor(1)).tangent }, at: x) }
        let jvpOfGradient = evaluate(0.7) { x in jvp({ gradient(of: curve, at: $0) }, at: x, along: Tensor(1)).tangent }
        let gradientOfGradient = evaluate(0.7) { x in gradient(of: { gradient(of: curve, at: $0) }, at: x) }
        #expect(abs(gradientOfJvp - forward) < Self.tolerance)
        #expect(abs(jvpOfGradient - forward) < Self.tolerance)
        #expect(abs(gradientOfGradient - forward) < Self.tolerance)
    }

    @Test("An inner derivative leaves what it captures constant")
    func noPerturbationConfusion() {
        // d/dx [x · d/dy (x + y)] = 1, though y is asked at x.
        let found = evaluate(2) { x in
            jvp({ x in x * jvp({ y in x + y }, at: x, along: Tensor(1)).tangent }, at: x, along: Tensor(1)).tangent
        }
        #expect(found == 1)
    }

    @Test("stopGradient is a constant to both transforms")
    func stopGradientStops() {
        #expect(evaluate(3) { x in gradient(of: { $0 * stopGradient($0) }, at: x) } == 3)
        #expect(evaluate(3) { x in jvp({ $0 * stopGradient($0) }, at: x, along: Tensor(1)).tangent } == 3)
    }

    @Test("What does not depend on the variable leaves no trace")
    func zeroTangentsVanish() {
        let x = Tensor.placeholder([4]), y = Tensor.placeholder([4])
        let tangent = jvp({ _ in [exp(y)] }, at: [x], along: [.ones([4])]).tangents[0]
        #expect(tangent.scalarValue == 0)
    }

    @Test("The gradient of a scatter is zero for rows whose index is outside the table, or not a number")
    func gradientOfScatter() {
        let program = Program(inputs: [[5, 2], [5]]) { inputs in
            let loss = { (updates: Tensor) in square(updates.scatterAdded(inputs[1], rows: 3)).sum() }
            return [gradient(of: loss, at: inputs[0])]
        }
        let updates: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], indices: [Float] = [2, -1, 0, 3, .nan]
        // Twice the update itself, as no two rows share an index.
        let expected: [Double] = [2, 4, 0, 0, 10, 12, 0, 0, 0, 0]
        #expect(mismatch(program.evaluate([updates.doubles, indices.doubles])[0], expected) == nil)
        #expect(mismatch(Executable(program)([updates, indices])[0].doubles, expected) == nil)
    }

    private func sine(_ x: Double) -> Double { Tensor(x).evaluatedThrough(sin) }
    private func cosine(_ x: Double) -> Double { Tensor(x).evaluatedThrough(cos) }
}

extension Tensor {
    fileprivate func evaluatedThrough(_ function: (Tensor) -> Tensor) -> Double { function(self).evaluated()[0] }
}
