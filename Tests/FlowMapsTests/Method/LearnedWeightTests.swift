import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("Learned weights of times") struct LearnedWeightTests {
    private func weight(_ form: LearnedWeight.Form) -> LearnedWeight {
        LearnedWeight(form: form, times: Frequencies(count: 4, lowest: 0.5, highest: 6), learningRateRatio: 1)
    }

    @Test("weight a row by the derivative of their loss by its own", arguments: LearnedWeight.Form.allCases)
    func factor(form: LearnedWeight.Form) {
        let step = 1e-5
        for (w, loss) in [(0.0, 1.0), (-1.5, 0.2), (2, 3), (1, 0.01)] {
            func value(_ loss: Double) -> Double { weight(form).loss(.column([w]), .column([loss])).evaluated()[0] }
            let found = weight(form).factor(.column([w]), .column([loss])).evaluated()[0]
            // Central differences of a smooth function: ε² and rounding by ε.
            #expect(abs(found - (value(loss + step) - value(loss - step)) / (2 * step)) < 1e-6)
        }
    }

    @Test("rest where e^w is the mean loss, or the row's own", arguments: LearnedWeight.Form.allCases)
    func rest(form: LearnedWeight.Form) {
        let losses = form == .gaussian ? [0.3, 0.7] : [0.5, 0.5]
        func slope(_ w: Double) -> Double {
            let result = gradient(
                of: { weight(form).loss($0.broadcast(to: [2, 1]), .column(losses)) }, at: log(Tensor(w)))
            return result.evaluated()[0]
        }
        #expect(abs(slope(0.5)) < 1e-12)
        #expect(slope(0.6) > 0.01 && slope(0.4) < -0.01)
    }

    @Test("begin as none, and learn how large the loss is at each time")
    func learns() throws {
        let learned = weight(.gaussian)
        let optimization = Optimization(
            steps: 600, batch: 64, learningRate: 0.02, warmUp: 0, cooldown: 0.5, clip: nil, ema: .none)
        let trainer = Trainer(initial: TrainState(TimeWeightNetwork(learned))) { learner, step in
            let t = Tensor.uniform([64, 1], key: RandomKey(seed: 3), step: step)
            let result = valueAndGradient(at: learner.model) {
                (learned.loss($0(t, .zeros(t.shape)), 0.1 + square(t)), ())
            }
            learner.learn(result.gradient, optimization, step: step)
            return [("loss", result.loss)]
        }
        let times: [Double] = [0.1, 0.5, 0.9]
        func found() -> [Double] {
            let t = Tensor.column(times)
            return Tensor.materialized([trainer.state.model(t, .zeros(t.shape))])[0].doubles
        }
        #expect(found() == [0, 0, 0])
        try trainer.advance(to: 600)
        for (time, value) in zip(times, found()) {
            // A tenth of what the weight ranges over, ln 0.11 to ln 0.91.
            #expect(abs(value - log(Tensor(0.1 + time * time)).evaluated()[0]) < 0.2)
        }
    }

    @Test("make of plain rows what their losses say, and are no part of other weightings")
    func direction() {
        let flow = GaussianFlow(mean: [1], deviation: [0.5]), other = GaussianFlow(mean: [0], deviation: [0.5])
        var term = Method.decoupledMeanFlow.secondTerm!.term
        term.target = .direct(velocity: .teacher)
        let rows = TermBatch.of(
            sample: .column([0.5, -1]), noise: .column([1, 0.2]), t: [0.5, 0.8], s: [0.5, 0.8])
        var networks = TermNetworks.of(other, teacher: flow)
        networks.weight = TimeWeightNetwork(term.weighting.learned!)
        let found = term(rows, networks)
        let residual = found.residual.evaluated()
        // Cauchy's distribution at w = 0.
        let expected = residual.map { $0 / ($0 * $0 + 1) }
        #expect(mismatch(found.direction.evaluated(), expected, within: 1e-12) == nil)
        #expect(mismatch(found.losses!.loss.evaluated(), residual.map { $0 * $0 }, within: 1e-12) == nil)
        term.weighting = .plain
        #expect(term(rows, networks).losses == nil)
        #expect(mismatch(term(rows, networks).direction.evaluated(), residual) == nil)
    }

    @Test("are learned beside the student, in a step of a method")
    func training() throws {
        let optimization = Optimization(
            steps: 30, batch: 16, learningRate: 0.01, warmUp: 0, cooldown: 0, clip: 1, ema: .none)
        let shape = NetworkShape.mlp(width: 8, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 3))
        let teacher = shape.build(dimension: 2, classes: 0, key: RandomKey(seed: 1))
        let set = PlanarSet.rings.dataset(count: 40, key: RandomKey(seed: 2))
        let data = TrainingData(Dataset(name: "rings", samples: set.samples, dimension: 2))
        let trainer = Distillation(method: .decoupledMeanFlow, optimization: optimization)
            .trainer(teacher: teacher, data: data, key: RandomKey(seed: 3))
        #expect(trainer.metrics.contains("mainWeightLoss") && trainer.metrics.contains("secondTermWeightLoss"))
        try trainer.advance(to: 30)
        #expect(trainer.state.weights.count == 2)
        for weight in trainer.state.weights {
            #expect(Tensor.materialized(weight!.model.parameters)[0].contains { $0 != 0 })
        }
    }
}
