import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("The gradient of a MeanFlow step") struct MeanFlowGradientTests {
    /// Of central differences in float64, see there.
    private let tolerance = 1e-8
    /// Float64 rounding through a network.
    private let rounding = 1e-12

    private static let rows = 6
    private let key = RandomKey(seed: 51)
    private let teacher = NetworkShape.mlp(width: 4, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 3))
        .build(dimension: 2, classes: 0, key: RandomKey(seed: 1))
    private let set = PlanarSet.rings.dataset(count: 50, key: RandomKey(seed: 2))

    private let times = TimePairs.pair(first: .everywhere, second: .everywhere, equal: 0.25)

    private func meanFlow(_ states: StateSource) -> Method {
        var method = Method.meanFlowFromTeacher
        method.main.states = states
        method.main.weighting = .adaptive(power: 1, epsilon: 1e-3)
        return method
    }

    /// The states and times that a step draws.
    private func drawn(_ states: StateSource, _ data: TrainingData) -> (x: Tensor, t: Tensor, s: Tensor) {
        let key = key.folding("main")
        let noise = Tensor.normal([Self.rows, 2], key: key.folding("noise"), step: Tensor(1))
        let (t, s) = times.draw(Self.rows, key: key.folding("times"), step: Tensor(1), progress: Tensor(0))
        guard case .data = states else { return (noise, .ones(t.shape), s) }
        let samples = data.draw(Self.rows, key: key.folding("data"), step: Tensor(1)).samples
        return (Interpolant.state(data: samples, noise: noise, at: t), t, s)
    }

    @Test(
        "it is that of Σ F · Δ with Δ held constant, at noised data and at the prior",
        arguments: [StateSource.prior, .data(augmentation: Augmentation(kinds: [], strength: 0))])
    func placement(states: StateSource) {
        let meanFlow = meanFlow(states)
        let data = TrainingData(
            Dataset(name: "rings", samples: set.samples, dimension: 2, labels: nil))
        let student = teacher.withDuration(key: RandomKey(seed: 3)).mapParameters { $0 + 0.2 }
        let (x, t, s) = drawn(states, data)
        /// F and F − (u − (t − s) dF/dt), the derivative along u (arXiv 2505.13447, with the teacher's u for the data's).
        func residual(_ network: Network) -> (velocity: Tensor, residual: Tensor) {
            let map = LearnedFlowMap(network), tangent = teacher(x, time: t, duration: nil, .none)
            let result = jvp(
                { [map.averageVelocity($0[0], from: $0[1], to: s, given: .none)] }, at: [x, t],
                along: [tangent, .ones(t.shape)])
            return (result.values[0], result.values[0] - (tangent - (t - s) * result.tangents[0]))
        }
        let delta = residual(student).residual
        let weighted = delta / (square(delta).mean([1], keepingAxes: true) + 1e-3)
        func loss(_ network: Network, _ frozen: Tensor) -> Tensor {
            (residual(network).velocity * frozen).sum() / Double(Self.rows * 2)
        }
        let expected = centralDifferences(at: student, frozen: weighted.evaluated()) {
            loss($0, $1.reshaped(to: [Self.rows, 2]))
        }
        let training = MethodTraining(
            meanFlow, teacher: TeacherVelocity(teacher), data: data,
            optimization: Optimization(
                steps: 10, batch: Self.rows, learningRate: 0.01, warmUp: 0, cooldown: 0, clip: nil, ema: .none),
            key: key)
        var state = DistillationState(student: TrainState(student), auxiliary: nil)
        _ = training.step(&state, Tensor(1))
        let moments = state.student.moments.first.parameters
        let found = Program { _ in moments }.evaluate().flatMap { $0 }.map { $0 / (1 - Adam().beta1) }
        #expect(mismatch(found, expected, within: tolerance) == nil)
        let printed = valueAndGradient(at: student) { (loss($0, stopGradient(weighted)), ()) }.gradient.parameters
        #expect(mismatch(found, Program { _ in printed }.evaluate().flatMap { $0 }, within: rounding) == nil)
        #expect(largest(expected) > 0.01)
    }
}
