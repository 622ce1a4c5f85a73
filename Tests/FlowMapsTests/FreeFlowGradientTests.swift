import Engine
import TestSupport
import Testing

@testable import FlowMaps

@Suite("The gradient of a FreeFlow step") struct FreeFlowGradientTests {
    /// Of central differences in float64, see there.
    private let tolerance = 1e-8
    /// Float64 rounding through a network.
    private let rounding = 1e-12

    private static let scale = 1 / Double(FreeFlowStep.rows * FreeFlowStep.dimension)

    private static func prediction(
        _ derivative: Prediction.Derivative, decay: ResidualDecay = FreeFlowStep.plain
    ) -> Prediction {
        Prediction(
            derivative: derivative, durations: .uniform(from: 0, to: 1), decay: decay, guidance: Guidance(scale: 2))
    }

    private static func correction(
        share: Double = 0.25, alpha: Double = 1.5, balance: Correction.Balance = .residual
    ) -> Correction {
        Correction(
            share: share, alpha: alpha, balance: balance, times: .uniform(from: 0, to: 1),
            guidance: Guidance(scale: 2, to: 0.7), auxiliary: .init(rate: 2, updates: 1))
    }

    static let predictions: [Prediction] = [
        prediction(.jvp), prediction(.differences(intervals: 4)),
        prediction(.jvp, decay: ResidualDecay(exponent: 1, epsilon: 1e-3)),
    ]

    @Test("of a prediction it is that of Σ F · Δ with Δ held constant", arguments: predictions)
    func predictionAlone(prediction: Prediction) {
        let step = FreeFlowStep(prediction: prediction, correction: nil)
        let residual = step.residual(prediction, of: step.student, rows: FreeFlowStep.rows).residual
        let frozen = prediction.decay(residual).evaluated()
        let expected = centralDifferences(at: step.student, frozen: frozen) { network, frozen in
            let velocity = step.residual(prediction, of: network, rows: FreeFlowStep.rows).velocity
            return (velocity * frozen.reshaped(to: velocity.shape)).sum() * Self.scale
        }
        #expect(mismatch(step.taken().gradient, expected, within: tolerance) == nil)
        #expect(largest(expected) > 0.01)
    }

    @Test("it is not that of Σ F · Δ with Δ moving along")
    func movingTarget() {
        let prediction = Self.prediction(.jvp)
        let step = FreeFlowStep(prediction: prediction, correction: nil)
        let moving = centralDifferences(at: step.student, frozen: []) { network, _ in
            let (velocity, residual) = step.residual(prediction, of: network, rows: FreeFlowStep.rows)
            return (velocity * residual).sum() * Self.scale
        }
        #expect(relativeDifference(step.taken().gradient, moving) > 0.01)
    }

    @Test("of a correction alone it is that of Σ F(z, 1) · α Δ with Δ held constant")
    func correctionAlone() {
        let correction = Self.correction()
        let step = FreeFlowStep(prediction: nil, correction: correction)
        let all = 0..<FreeFlowStep.rows
        let expected = centralDifferences(at: step.student, frozen: step.gap(correction, rows: all).evaluated()) {
            let velocity = step.velocity(of: $0, rows: all)
            return (velocity * $1.reshaped(to: velocity.shape)).sum() * (1.5 * Self.scale)
        }
        let taken = step.taken()
        #expect(mismatch(taken.gradient, expected, within: tolerance) == nil)
        #expect(largest(expected) > 0.01)
        #expect(taken.measured["balance"] == nil && taken.measured["predictionResidual"] == nil)
    }

    @Test(
        "of both it is the sum over the batch's parts, the correction's scaled by λ",
        arguments: [
            Correction.Balance.residual, .decayed,
        ])
    func both(balance: Correction.Balance) {
        let prediction = Self.prediction(.jvp, decay: ResidualDecay(exponent: 0.5, epsilon: 1e-3))
        let correction = Self.correction(balance: balance)
        let step = FreeFlowStep(prediction: prediction, correction: correction)
        // A quarter of eight rows is two.
        let (first, rest) = (6, 6..<8)
        let residual = step.residual(prediction, of: step.student, rows: first).residual
        let decayed = prediction.decay(residual).evaluated(), gap = step.gap(correction, rows: rest).evaluated()
        let balanced = balance == .residual ? residual.evaluated() : decayed
        let lambda = 1.5 * meanNorm(balanced) / (meanNorm(gap) + 1e-8)
        let expected = centralDifferences(at: step.student, frozen: decayed + gap.map { lambda * $0 }) {
            let predicted = step.residual(prediction, of: $0, rows: first).velocity
            let velocity = Tensor.concatenate([predicted, step.velocity(of: $0, rows: rest)])
            return (velocity * $1.reshaped(to: velocity.shape)).sum() * Self.scale
        }
        let taken = step.taken()
        #expect(mismatch(taken.gradient, expected, within: tolerance) == nil)
        #expect(abs(taken.measured["balance"]! - lambda) < rounding * lambda)
        let norm = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(abs(taken.measured["gradientNorm"]! - norm) < tolerance)
    }

    @Test(
        "a share of the rows is the correction's, at least one, and never all",
        arguments: [(0.25, 2), (0.5, 4), (0.3, 2), (0.01, 1), (0.99, 7)])
    func rows(share: Double, count: Int) {
        let (prediction, correction) = (Self.prediction(.jvp), Self.correction(share: share))
        let step = FreeFlowStep(prediction: prediction, correction: correction)
        let measured = step.taken().measured
        let boundary = FreeFlowStep.rows - count
        let residual = step.residual(prediction, of: step.student, rows: boundary).residual.evaluated()
        let gap = step.gap(correction, rows: boundary..<FreeFlowStep.rows).evaluated()
        #expect(abs(measured["predictionResidual"]! - meanSquare(residual)) < rounding)
        #expect(abs(measured["correctionGap"]! - meanSquare(gap)) < rounding)
    }

    @Test("the auxiliary's is that of flow matching on the student's samples as they are, of the correction's rows")
    func auxiliary() {
        let correction = Self.correction()
        let step = FreeFlowStep(prediction: Self.prediction(.jvp), correction: correction)
        let drawn = step.renoised(correction, rows: 6..<8)
        func loss(_ network: Network, _ samples: Tensor) -> Tensor {
            FlowMatching.loss(
                LearnedVelocity(network), data: samples, noise: drawn.noise, at: drawn.times, given: drawn.condition)
        }
        let frozen = drawn.samples.evaluated()
        let expected = centralDifferences(at: step.auxiliary, frozen: frozen) {
            loss($0, $1.reshaped(to: drawn.samples.shape))
        }
        let taken = step.taken()
        #expect(mismatch(taken.auxiliaryGradient, expected, within: tolerance) == nil)
        #expect(largest(expected) > 0.01)
        let value = loss(step.auxiliary, drawn.samples).evaluated()[0]
        #expect(abs(taken.measured["auxiliaryLoss"]! - value) < rounding)
    }

    private func meanSquare(_ values: [Double]) -> Double {
        values.reduce(0) { $0 + $1 * $1 } / Double(values.count)
    }

    /// E‖Δ‖ over rows of two numbers.
    private func meanNorm(_ values: [Double]) -> Double {
        let norms = stride(from: 0, to: values.count, by: 2).map { (place: Int) -> Double in
            let (first, second) = (values[place], values[place + 1])
            return (first * first + second * second).squareRoot()
        }
        return norms.reduce(0, +) / Double(norms.count)
    }
}
