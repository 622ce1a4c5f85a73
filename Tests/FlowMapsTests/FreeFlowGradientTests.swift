import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("The gradient of a FreeFlow step") struct FreeFlowGradientTests {
    /// Of central differences in float64, see there.
    private let tolerance = 1e-8
    /// Float64 rounding through a network.
    private let rounding = 1e-12

    private static let scale = 1 / Double(FreeFlowStep.rows * FreeFlowStep.dimension)
    private static let all = 0..<FreeFlowStep.rows

    private static func prediction(_ derivative: Derivative = .jvp, weight: AdaptiveWeight? = nil) -> Method {
        .prediction(derivative, weight: weight, guidance: Guidance(scale: 2))
    }

    private static func combined(
        _ prediction: Method = prediction(), share: Double = 0.25, balance: SecondTerm.Balance = .residual,
        updates: Int = 1, scale: Guidance.Scale = .fixed(2)
    ) -> Method {
        prediction.corrected(
            share: share, weight: 1.5, balance: balance, guidance: Guidance(scale: scale, to: 0.7),
            auxiliary: AuxiliaryTraining(learningRateRatio: 2, updates: updates))
    }

    static let predictions: [Method] = [
        prediction(), prediction(.differences(intervals: 4)),
        prediction(weight: AdaptiveWeight(power: 1, epsilon: 1e-3)),
    ]

    @Test("of a prediction it is that of Σ F · Δ with Δ held constant", arguments: predictions)
    func predictionAlone(method: Method) {
        let step = FreeFlowStep(method)
        let frozen = step.weighted(step.prediction(of: step.student, rows: Self.all).residual).evaluated()
        let expected = centralDifferences(at: step.student, frozen: frozen) { network, frozen in
            let velocity = step.prediction(of: network, rows: Self.all).velocity
            return (velocity * frozen.reshaped(to: velocity.shape)).sum() * Self.scale
        }
        #expect(mismatch(step.taken().gradient, expected, within: tolerance) == nil)
        #expect(largest(expected) > 0.01)
    }

    @Test("it is not that of Σ F · Δ with Δ moving along")
    func movingTarget() {
        let step = FreeFlowStep(Self.prediction())
        let moving = centralDifferences(at: step.student, frozen: []) { network, _ in
            let (velocity, residual) = step.prediction(of: network, rows: Self.all)
            return (velocity * residual).sum() * Self.scale
        }
        #expect(relativeDifference(step.taken().gradient, moving) > 0.01)
    }

    @Test("of a correction alone it is that of Σ F(z, 1) · α Δ with Δ held constant")
    func correctionAlone() {
        let step = FreeFlowStep(Self.combined(share: 1))
        let gap = step.correction(of: step.student, rows: Self.all).gap.evaluated()
        let expected = centralDifferences(at: step.student, frozen: gap) {
            let velocity = step.velocity(of: $0, rows: Self.all)
            return (velocity * $1.reshaped(to: velocity.shape)).sum() * (1.5 * Self.scale)
        }
        let taken = step.taken()
        #expect(mismatch(taken.gradient, expected, within: tolerance) == nil)
        #expect(largest(expected) > 0.01)
        #expect(taken.measured["balance"] == nil && taken.measured["mainResidual"] == nil)
    }

    @Test(
        "of both it is the sum over the batch's parts, the correction's scaled by λ",
        arguments: [
            SecondTerm.Balance.residual, .direction,
        ])
    func both(balance: SecondTerm.Balance) {
        let prediction = Self.prediction(weight: AdaptiveWeight(power: 0.5, epsilon: 1e-3))
        let step = FreeFlowStep(Self.combined(prediction, balance: balance))
        // A quarter of eight rows is two.
        let (first, rest) = (0..<6, 6..<8)
        let residual = step.prediction(of: step.student, rows: first).residual
        let weighted = step.weighted(residual).evaluated()
        let gap = step.correction(of: step.student, rows: rest).gap.evaluated()
        let lambda =
            1.5 * meanNorm(balance == .residual ? residual.evaluated() : weighted) / (meanNorm(gap) + 1e-8)
        let expected = centralDifferences(at: step.student, frozen: weighted + gap.map { lambda * $0 }) {
            let predicted = step.prediction(of: $0, rows: first).velocity
            let velocity = Tensor.concatenate([predicted, step.velocity(of: $0, rows: rest)])
            return (velocity * $1.reshaped(to: velocity.shape)).sum() * Self.scale
        }
        let taken = step.taken()
        #expect(mismatch(taken.gradient, expected, within: tolerance) == nil)
        #expect(abs(taken.measured["balance"]! - lambda) < rounding * lambda)
        let norm = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
        #expect(abs(taken.measured["gradientNorm"]! - norm) < tolerance)
    }

    /// Every setting that enters a step, and a distribution of guidance scales where the student is told them.
    static let variants: [(method: Method, guidanceScales: GuidanceScaleDistribution?)] = [
        (prediction(), nil), (prediction(.differences(intervals: 5)), nil),
        (.prediction(durations: .logitNormal(location: 0.2, scale: 1)), nil), (combined(), nil),
        (combined(prediction(.differences(intervals: 4), weight: AdaptiveWeight(power: 1, epsilon: 1e-3))), nil),
        (combined(prediction(weight: AdaptiveWeight(power: 0.5, epsilon: 0.1)), share: 0.6, balance: .direction), nil),
        (combined(balance: .none), nil), (combined(share: 1), nil),
        (combined(.prediction(guidance: Guidance(scale: .drawn)), scale: .drawn), .uniform(from: 1, to: 3)),
    ]

    @Test("in float64 it is that of the printed equations, to rounding", arguments: variants.indices)
    func printedEquations(index: Int) {
        let (method, guidanceScales) = Self.variants[index]
        let step = FreeFlowStep(method, guidanceScales: guidanceScales), taken = step.taken()
        let counts = method.rows(of: FreeFlowStep.rows), isAlone = method.secondTerm?.share == 1
        let first = isAlone ? 0..<0 : 0..<counts[0], rest = first.upperBound..<FreeFlowStep.rows
        let result = valueAndGradient(at: step.student) { network in
            var sum = Tensor(0)
            var norm: Tensor?
            if !first.isEmpty {
                let (velocity, residual) = step.prediction(of: network, rows: first)
                sum += (velocity * stopGradient(step.weighted(residual))).sum()
                norm = tensorNorm(method.secondTerm?.balance == .direction ? step.weighted(residual) : residual)
            }
            guard let second = method.secondTerm else { return (sum * Self.scale, ()) }
            let (velocity, gap) = step.correction(of: network, rows: rest)
            let ratio = second.balance == .none ? nil : norm.map { $0 / (tensorNorm(gap) + 1e-8) }
            sum += (velocity * stopGradient(gap * (second.weight * (ratio ?? Tensor(1))))).sum()
            return (sum * Self.scale, ())
        }
        let expected = Program { _ in result.gradient.parameters }.evaluate().flatMap { $0 }
        #expect(relativeDifference(taken.gradient, expected) < rounding)
        #expect(largest(expected) > 0.01)
    }

    @Test(
        "a share of the rows is the correction's, at least one, and never all but where it is alone",
        arguments: [(0.25, 2), (0.5, 4), (0.3, 2), (0.01, 1), (0.99, 7)])
    func rows(share: Double, count: Int) {
        let step = FreeFlowStep(Self.combined(share: share))
        let measured = step.taken().measured
        let boundary = FreeFlowStep.rows - count
        let residual = step.prediction(of: step.student, rows: 0..<boundary).residual.evaluated()
        let gap = step.correction(of: step.student, rows: boundary..<FreeFlowStep.rows).gap.evaluated()
        #expect(abs(measured["mainResidual"]! - meanSquare(residual)) < rounding)
        #expect(abs(measured["secondTermResidual"]! - meanSquare(gap)) < rounding)
    }

    @Test("the auxiliary's is that of flow matching on the student's samples as they are, of the correction's rows")
    func auxiliary() {
        let step = FreeFlowStep(Self.combined())
        let drawn = step.renoised(rows: 6..<8)
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

    private func tensorNorm(_ residual: Tensor) -> Tensor { sqrt(square(residual).sum([1])).mean() }
}
