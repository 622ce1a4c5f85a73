import Engine
import TestSupport
import Testing

@testable import FlowMaps

@Suite("The gradient of a MeanFlow step") struct MeanFlowGradientTests {
    /// Of central differences in float64, see there.
    private let tolerance = 1e-8

    private static let rows = 6
    private let key = RandomKey(seed: 51)
    private let teacher = NetworkShape.mlp(width: 4, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 3))
        .build(dimension: 2, classes: 0, key: RandomKey(seed: 1))
    private let set = PlanarSet.rings.dataset(count: 50, key: RandomKey(seed: 2))

    private func meanFlow(_ states: StateSource) -> MeanFlow {
        MeanFlow(
            states: states,
            times: PairDistribution(first: .uniform(from: 0, to: 1), second: .uniform(from: 0, to: 1), equal: 0.25),
            decay: ResidualDecay(exponent: 1, epsilon: 1e-3), guidance: nil)
    }

    /// The states and times that a step draws.
    private func drawn(_ meanFlow: MeanFlow, _ data: TrainingData) -> (x: Tensor, t: Tensor, s: Tensor) {
        let noise = Tensor.normal([Self.rows, 2], key: key.folding("noise"), step: Tensor(1))
        let (t, s) = meanFlow.times.draw(Self.rows, key: key.folding("times"), step: Tensor(1))
        guard case .data = meanFlow.states else { return (noise, .ones(t.shape), s) }
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
        let (x, t, s) = drawn(meanFlow, data)
        func residual(_ network: Network) -> (velocity: Tensor, residual: Tensor) {
            meanFlow.residual(
                of: LearnedFlowMap(network), teacher: LearnedVelocity(teacher), at: x, from: t, to: s, given: .none)
        }
        let frozen = meanFlow.decay(residual(student).residual).evaluated()
        let expected = centralDifferences(at: student, frozen: frozen) {
            (residual($0).velocity * $1.reshaped(to: [Self.rows, 2])).sum() / Double(Self.rows * 2)
        }
        var state = DistillationState(student: Learner(student), auxiliary: nil)
        _ = meanFlow.step(
            &state, Tensor(1), teacher: TeacherVelocity(teacher), data: data,
            optimization: Optimization(
                steps: 10, batch: Self.rows, rate: 0.01, warmUp: 0, decay: 0, clip: nil, average: 0), key: key)
        let moments = state.student.moments.first.parameters
        let found = Program { _ in moments }.evaluate().flatMap { $0 }.map { $0 / (1 - Adam().beta1) }
        #expect(mismatch(found, expected, within: tolerance) == nil)
        #expect(largest(expected) > 0.01)
    }
}
