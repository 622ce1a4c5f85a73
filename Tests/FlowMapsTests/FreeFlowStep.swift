import Engine

@testable import FlowMaps

/// One step of FreeFlow on a tiny network in float64, beside what it should be, put together by hand.
struct FreeFlowStep {
    static let rows = 8, dimension = 2, classes = 2
    static let plain = ResidualDecay(exponent: 0, epsilon: 1)

    let prediction: Prediction?
    let correction: Correction?
    let key = RandomKey(seed: 31)

    let teacher = NetworkShape.mlp(width: 4, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 3))
        .build(dimension: dimension, classes: classes, key: RandomKey(seed: 1))
    /// Away from its start, so that durations count.
    var student: Network { scattered(teacher.withDuration(key: RandomKey(seed: 2)), key: RandomKey(seed: 3)) }
    /// Away from the teacher, so that there is a gap.
    var auxiliary: Network { scattered(teacher, key: RandomKey(seed: 4)) }

    private func scattered(_ network: Network, key: RandomKey) -> Network {
        var index = 0
        return network.mapParameters {
            index += 1
            return $0 + 0.3 * Tensor.normal($0.shape, key: key.folding(index))
        }
    }

    /// What the step does: the gradients, which after the first step are Adam's first moments by 1 − β₁, and what it measures.
    func taken() -> (gradient: [Double], auxiliaryGradient: [Double], measured: [String: Double]) {
        let optimization = Optimization(
            steps: 10, batch: Self.rows, rate: 0.01, warmUp: 0, decay: 0, clip: nil, average: 0)
        let freeFlow = FreeFlow(
            prediction: prediction, correction: correction, teacher: TeacherVelocity(teacher), classes: Self.classes,
            dimension: Self.dimension, scales: nil, optimization: optimization, key: key)
        var state = DistillationState(
            student: Learner(student), auxiliary: correction.map { _ in Learner(.copy(auxiliary)) })
        let measured = freeFlow.step(&state, Tensor(1))
        let parts = [state.student.moments.first.parameters, state.auxiliary?.moments.first.parameters ?? []]
        let values = Program { _ in parts[0] + parts[1] + measured.map(\.value) }.evaluate()
        func gradient(_ range: Range<Int>) -> [Double] { values[range].flatMap { $0 }.map { $0 / (1 - Adam().beta1) } }
        let (first, second) = (parts[0].count, parts[0].count + parts[1].count)
        let named = zip(measured.map(\.name), values[second...].map { $0[0] })
        return (gradient(0..<first), gradient(first..<second), Dictionary(uniqueKeysWithValues: named))
    }

    /// The residuals before their decay, [count, d], of the first rows of a batch.
    func residual(_ prediction: Prediction, of network: Network, rows count: Int) -> (
        velocity: Tensor, residual: Tensor
    ) {
        let (noise, condition) = drawn(0..<count)
        let duration = prediction.durations.draw(count, key: key.folding("durations"), step: Tensor(1))
        return prediction.residual(
            of: LearnedFlowMap(network), teacher: GuidedVelocity(LearnedVelocity(teacher), prediction.guidance),
            noise: noise, duration: duration, given: condition)
    }

    /// The gaps, [n, d], of a range of rows.
    func gap(_ correction: Correction, rows: Range<Int>) -> Tensor {
        let drawn = renoised(correction, rows: rows)
        return correction.gap(
            samples: drawn.samples, noise: drawn.noise, at: drawn.times, auxiliary: LearnedVelocity(auxiliary),
            teacher: GuidedVelocity(LearnedVelocity(teacher), correction.guidance), given: drawn.condition)
    }

    /// The student's samples of a range of rows, and how they are noised.
    func renoised(
        _ correction: Correction, rows: Range<Int>
    ) -> (samples: Tensor, noise: Tensor, times: Tensor, condition: Condition) {
        let (noise, condition) = drawn(rows)
        return (
            LearnedFlowMap(student).sample(noise, given: condition),
            .normal(noise.shape, key: key.folding("renoise"), step: Tensor(1)),
            correction.times.draw(rows.count, key: key.folding("times"), step: Tensor(1)), condition
        )
    }

    /// The one-step velocity F(z, 1), [n, d], of a range of rows.
    func velocity(of network: Network, rows: Range<Int>) -> Tensor {
        let (noise, condition) = drawn(rows)
        let ones = Tensor.ones([rows.count, 1])
        return LearnedFlowMap(network).averageVelocity(
            noise, from: ones, to: .zeros([rows.count, 1]), given: condition)
    }

    private func drawn(_ rows: Range<Int>) -> (noise: Tensor, condition: Condition) {
        let noise = Tensor.normal([Self.rows, Self.dimension], key: key.folding("noise"), step: Tensor(1))
        let labels = Tensor.integers(below: Self.classes, [Self.rows], key: key.folding("labels"), step: Tensor(1))
        return (noise.slice(rows), Condition(labels: labels.slice(rows)))
    }
}

/// The gradient by a module's parameters of a scalar, by central differences in float64.
/// - Parameter frozen: numbers handed to the function as they are.
func centralDifferences(at network: Network, frozen: [Double], of function: (Network, Tensor) -> Tensor) -> [Double] {
    // With numbers of order one: an error of ε² = 10⁻¹⁰, rounding of 10⁻¹⁶ / ε = 10⁻¹¹.
    let epsilon = 1e-5
    let program = Program(inputs: network.parameters.map(\.shape) + [[frozen.count]]) { inputs in
        [function(network.replacingParameters(inputs.dropLast()), inputs.last!)]
    }
    var values = Program { _ in network.parameters }.evaluate() + [frozen]
    return values.indices.dropLast().flatMap { part in
        values[part].indices.map { index in
            let here = values[part][index]
            defer { values[part][index] = here }
            func value(_ moved: Double) -> Double {
                values[part][index] = moved
                return program.evaluate(values)[0][0]
            }
            return (value(here + epsilon) - value(here - epsilon)) / (2 * epsilon)
        }
    }
}
