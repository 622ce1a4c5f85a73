import Tensors
import TestSupport

@testable import FlowMaps

/// One step of FreeFlow on a tiny network in float64, beside what it should be: the equations of arXiv 2511.19428 as they are printed,
/// in this package's signs.
struct FreeFlowStep {
    static let rows = 8, dimension = 2, classes = 2

    let method: Method
    var guidanceScales: GuidanceScaleDistribution?
    var step = 1.0
    let key = RandomKey(seed: 31)

    init(_ method: Method, guidanceScales: GuidanceScaleDistribution? = nil) {
        (self.method, self.guidanceScales) = (method, guidanceScales)
    }

    let teacher = NetworkShape.mlp(width: 4, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 3))
        .build(dimension: dimension, classes: classes, key: RandomKey(seed: 1))
    /// Away from its start, so that durations count.
    var student: Network {
        scattered(conditioned(teacher.withDuration(key: RandomKey(seed: 2))), key: RandomKey(seed: 3))
    }
    /// Away from the teacher, so that there is a gap.
    var auxiliary: Network { scattered(conditioned(teacher), key: RandomKey(seed: 4)) }

    private func conditioned(_ network: Network) -> Network {
        guidanceScales == nil ? network : network.embedding([.guidance], key: RandomKey(seed: 5))
    }

    private func scattered(_ network: Network, key: RandomKey) -> Network {
        var index = 0
        return network.mapParameters {
            index += 1
            return $0 + 0.3 * Tensor.normal($0.shape, key: key.folding(index))
        }
    }

    /// Read for its shape alone.
    static let data = TrainingData(
        Dataset(name: "unseen", samples: [0, 0, 0, 0], dimension: dimension, labels: [0, 1], classCount: classes))
    static let optimization = Optimization(
        steps: 10, batch: rows, learningRate: 0.01, warmUp: 0, cooldown: 0, clip: nil, ema: .none)

    var state: DistillationState {
        DistillationState(
            student: TrainState(student), auxiliary: method.auxiliary.map { _ in TrainState(.copy(auxiliary)) })
    }

    /// What the step does: the gradients, which after the first step are Adam's first moments by 1 − β₁, and what it measures.
    func taken() -> (gradient: [Double], auxiliaryGradient: [Double], measured: [String: Double]) {
        let training = MethodTraining(
            method, teacher: TeacherVelocity(teacher), data: Self.data, guidanceScales: guidanceScales,
            optimization: Self.optimization, key: key)
        var state = state
        let measured = training.step(&state, Tensor(step))
        let parts = [state.student.moments.first.parameters, state.auxiliary?.moments.first.parameters ?? []]
        let values = Program { _ in parts[0] + parts[1] + measured.map(\.value) }.evaluate()
        func gradient(_ range: Range<Int>) -> [Double] { values[range].flatMap { $0 }.map { $0 / (1 - Adam().beta1) } }
        let (first, second) = (parts[0].count, parts[0].count + parts[1].count)
        let named = zip(measured.map(\.name), values[second...].map { $0[0] })
        return (gradient(0..<first), gradient(first..<second), Dictionary(uniqueKeysWithValues: named))
    }

    /// F(z, δ), through which the gradient goes, and Δ = v_G − u(f, 1 − δ) with v_G = F + δ ∂_δF and f = z − δ F (Eq. 7 to 9), [n, d]
    /// each, of a range of rows. By differences, δ = i h, F(z, δ + h) and δ (F(z, δ + h) − F(z, δ)) / h stand in for F and δ ∂_δF.
    func prediction(of network: Network, rows: Range<Int>) -> (velocity: Tensor, residual: Tensor) {
        guard case .fromNoise(let durations) = method.main.times,
            case .lagrangian(_, let derivative) = method.main.target
        else { fatalError("\(method.name) predicts") }
        let (z, condition) = drawn(rows)
        let duration = durations.draw(rows.count, key: key.folding("durations"), step: Tensor(step))
        let ones = Tensor.ones(duration.shape)
        func velocity(_ duration: Tensor) -> Tensor {
            LearnedFlowMap(network).averageVelocity(z, from: ones, to: ones - duration, given: condition)
        }
        func teacherVelocity(_ velocity: Tensor, _ duration: Tensor) -> Tensor {
            guided(method.main.guidance)(z - duration * velocity, at: 1 - duration, given: condition)
        }
        switch derivative {
        case .jvp:
            let (value, slope) = jvp(velocity, at: duration, along: ones)
            return (value, stopGradient(value + duration * slope - teacherVelocity(value, duration)))
        case .differences(let intervals):
            let h = 1 / Double(intervals)
            let start = minimum(floor(duration * Double(intervals)), Tensor(Double(intervals - 1))) * h
            let before = velocity(start), after = velocity(start + h)
            let generating = after + start * (after - before) / h
            return (after, stopGradient(generating - teacherVelocity(before, start)))
        }
    }

    /// Δ / (‖Δ‖²/d + ε)^k.
    func weighted(_ residual: Tensor) -> Tensor {
        switch method.main.weighting.residual {
        case .plain: return residual
        case .adaptiveWeight(let weight):
            let size = square(residual).mean([1], keepingAxes: true) + weight.epsilon
            return residual / exp(weight.power * log(size))
        case .normalised, .clamped, .cosine: fatalError("not FreeFlow's")
        }
    }

    /// F(z, 1), through which the gradient goes, and the gap v_N − u at x_r = (1 − r) f(z, 1) + r n (Eq. 11), [n, d] each.
    func correction(of network: Network, rows: Range<Int>) -> (velocity: Tensor, gap: Tensor) {
        let drawn = renoised(rows: rows)
        let state = (1 - drawn.times) * drawn.samples + drawn.times * drawn.noise
        let teacher = guided(method.secondTerm!.term.guidance)(state, at: drawn.times, given: drawn.condition)
        let gap = LearnedVelocity(auxiliary)(state, at: drawn.times, given: drawn.condition) - teacher
        return (velocity(of: network, rows: rows), stopGradient(gap))
    }

    /// The student's samples of a range of rows, and how they are noised.
    func renoised(rows: Range<Int>) -> (samples: Tensor, noise: Tensor, times: Tensor, condition: Condition) {
        let (noise, condition) = drawn(rows), step = Tensor(step)
        return (
            LearnedFlowMap(student).sample(noise, given: condition),
            .normal(noise.shape, key: key.folding("renoise"), step: step),
            method.secondTerm!.term.target.levels!.draw(rows.count, key: key.folding("times"), step: step), condition
        )
    }

    /// The one-step velocity F(z, 1), [n, d], of a range of rows.
    func velocity(of network: Network, rows: Range<Int>) -> Tensor {
        let (noise, condition) = drawn(rows)
        let ones = Tensor.ones([rows.count, 1])
        return LearnedFlowMap(network).averageVelocity(
            noise, from: ones, to: .zeros([rows.count, 1]), given: condition)
    }

    private func guided(_ guidance: Guidance?) -> GuidedVelocity<LearnedVelocity> {
        GuidedVelocity(LearnedVelocity(teacher), guidance)
    }

    private func drawn(_ rows: Range<Int>) -> (noise: Tensor, condition: Condition) {
        let step = Tensor(step)
        let noise = Tensor.normal([Self.rows, Self.dimension], key: key.folding("noise"), step: step)
        let labels = Tensor.integers(below: Self.classes, [Self.rows], key: key.folding("labels"), step: step)
        let scales = guidanceScales?.draw(Self.rows, key: key.folding("scales"), step: step)
        return (noise.slice(rows), Condition(labels: labels.slice(rows), guidance: scales.map { $0.slice(rows) }))
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
