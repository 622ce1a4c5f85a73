import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("A student told the guidance scale") struct GuidanceScaleTests {
    private let classes = 3, dimension = 2
    private let key = RandomKey(seed: 31)
    private var teacher: Network {
        NetworkShape.mlp(width: 6, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 3))
            .build(dimension: dimension, classes: classes, key: RandomKey(seed: 1))
    }
    private let optimization = Optimization(
        steps: 8, batch: 8, learningRate: 0.01, warmUp: 0, cooldown: 0, clip: nil, ema: .none)

    private func distillation(
        _ scale: Guidance.Scale, guidanceScales: GuidanceScaleDistribution?, lora: LowRankAdapters? = nil
    ) -> Distillation {
        let guidance = Guidance(scale: scale, to: 0.8)
        let method = Method.prediction(weight: AdaptiveWeight(power: 1, epsilon: 1e-3), guidance: guidance).corrected(
            guidance: guidance, auxiliary: AuxiliaryTraining(learningRateRatio: 2, updates: 1, lora: lora))
        return Distillation(method: method, optimization: optimization, guidanceScales: guidanceScales)
    }

    private func trainer(_ distillation: Distillation) -> Trainer<DistillationState> {
        distillation.trainer(teacher: known(teacher), data: data, key: key)
    }

    private var data: TrainingData {
        let samples = (0..<24).map { Float($0 % 5) - 2 }
        return TrainingData(
            Dataset(name: "few", samples: samples, dimension: 2, labels: (0..<12).map { $0 % 3 }, classCount: 3))
    }

    private func known(_ network: Network) -> Network {
        let values = Tensor.materialized(network.parameters)
        return network.replacingParameters(zip(network.parameters, values).map { Tensor($1, shape: $0.shape) })
    }

    @Test("begins as its teacher, whatever the scale, and has an embedder for it only where there is a distribution")
    func start() {
        let told = distillation(.drawn, guidanceScales: .uniform(from: 1, to: 4))
        let student = told.student(from: teacher, key: key)
        #expect(student.embeddedScalars == [.duration, .guidance])
        let x = Tensor.normal([4, 2], key: RandomKey(seed: 8)), ones = Tensor.ones([4, 1])
        let labels = Tensor([0, 1, 2, 3], shape: [4])
        let given = Condition(labels: labels, guidance: Tensor([0, 1, 2, 5], shape: [4, 1]))
        let found = LearnedFlowMap(student).averageVelocity(x, from: ones, to: ones - ones, given: given).evaluated()
        #expect(mismatch(found, teacher(x, time: ones, duration: nil, Condition(labels: labels)).evaluated()) == nil)
        let untold = distillation(.fixed(2), guidanceScales: nil)
        #expect(untold.student(from: teacher, key: key).embeddedScalars == [.duration])
    }

    @Test("a distribution of one scale gives the residuals of that scale")
    func point() throws {
        let drawn = trainer(distillation(.drawn, guidanceScales: .point(at: 2.5)))
        let fixed = trainer(distillation(.fixed(2.5), guidanceScales: nil))
        try drawn.advance(to: 1)
        try fixed.advance(to: 1)
        #expect(drawn.metrics == fixed.metrics)
        for name in ["mainResidual", "secondTermResidual", "balance", "auxiliaryLoss"] {
            let index = try #require(drawn.metrics.firstIndex(of: name))
            // At the first step both are the teacher; float32 in two programs.
            #expect(mismatch([Double(drawn.measured[index])], [Double(fixed.measured[index])], within: 1e-5) == nil)
        }
    }

    @Test("each row's target is guided by its own scale")
    func rows() {
        let field = LearnedVelocity(teacher)
        let x = Tensor.normal([3, 2], key: RandomKey(seed: 5)), t = Tensor(0.5).broadcast(to: [3, 1])
        let labels = Tensor([0, 1, 2], shape: [3])
        let guidanceScales = Tensor([1, 2, 3], shape: [3, 1])
        let found = GuidedVelocity(field, Guidance(scale: .drawn))(
            x, at: t, given: Condition(labels: labels, guidance: guidanceScales)
        ).evaluated()
        for row in 0..<3 {
            let expected = GuidedVelocity(field, Guidance(scale: Double(row + 1)))(
                x, at: t, given: Condition(labels: labels)
            ).evaluated()
            // Float64 rounding.
            #expect(
                mismatch(Array(found[2 * row..<2 * row + 2]), Array(expected[2 * row..<2 * row + 2]), within: 1e-14)
                    == nil)
        }
    }

    @Test("its embedder and the auxiliary's learn")
    func learns() throws {
        let trainer = trainer(distillation(.drawn, guidanceScales: .uniform(from: 1, to: 4)))
        try trainer.advance(to: 4)
        let state = trainer.state
        #expect(state.auxiliary?.model.network.embeddedScalars == [.guidance])
        for network in [state.student.model, state.auxiliary!.model.network] {
            let place = try #require(network.parameterNames.firstIndex(of: "guidance.second.weight"))
            #expect(Tensor.materialized([network.parameters[place]])[0].contains { $0 != 0 })
        }
    }

    @Test("distributions of scales stay in their range, and differ from row to row")
    func distributions() {
        func draw(_ distribution: GuidanceScaleDistribution) -> [Float] {
            Tensor.materialized([distribution.draw(256, key: key, step: Tensor(3))])[0]
        }
        let uniform = draw(.uniform(from: 1, to: 4)), logarithmic = draw(.logUniform(from: 1, to: 4))
        for values in [uniform, logarithmic] {
            #expect(values.allSatisfy { $0 >= 1 && $0 <= 4 } && Set(values).count > 200)
        }
        // Half of a logarithmic distribution lies below the geometric mean, a third of a uniform one; 256 draws deviate by 0.03.
        func below(_ values: [Float]) -> Double { Double(values.count { $0 < 2 }) / 256 }
        #expect(abs(below(logarithmic) - 1 / 2) < 0.12 && abs(below(uniform) - 1 / 3) < 0.12)
        #expect(draw(.point(at: 3)).allSatisfy { $0 == 3 })
    }

    @Test("adapters begin as the teacher and alone learn")
    func adapters() throws {
        let told = distillation(.fixed(2), guidanceScales: nil, lora: LowRankAdapters(rank: 2))
        let trainer = trainer(told)
        let before = try #require(trainer.state.auxiliary?.model)
        #expect(before.parameterNames.allSatisfy { $0.hasPrefix("adapters.") })
        #expect(
            mismatch(Tensor.materialized(before.network.parameters), Tensor.materialized(teacher.parameters)) == nil)
        try trainer.advance(to: 3)
        let after = try #require(trainer.state.auxiliary?.model)
        guard case .adapted(let adaptation) = after else { fatalError("the auxiliary has adapters") }
        #expect(
            mismatch(Tensor.materialized(adaptation.base.parameters), Tensor.materialized(teacher.parameters)) == nil)
        let changed = zip(Tensor.materialized(after.network.parameters), Tensor.materialized(teacher.parameters)).map {
            $0 != $1
        }
        let isWeight = teacher.parameterNames.map { $0.hasSuffix("weight") }
        #expect(changed == isWeight)
        // Two numbers a row and a column.
        #expect(after.parameterCount < teacher.parameterCount)
    }

    @Test("a weak teacher leads away from itself: u_weak + γ (u − u_weak), the same class for both")
    func weak() {
        let weak = NetworkShape.mlp(width: 3, depth: 1, times: Frequencies(count: 1, lowest: 1, highest: 1))
            .build(dimension: 2, classes: 3, key: RandomKey(seed: 9))
        let x = Tensor.normal([3, 2], key: RandomKey(seed: 5)), t = Tensor([0.1, 0.5, 0.9], shape: [3, 1])
        let condition = Condition(labels: Tensor([0, 1, 2], shape: [3]))
        func guided(_ weak: Network) -> [Double] {
            GuidedVelocity(LearnedVelocity(teacher, weak: weak), Guidance(scale: 2, to: 0.6, by: .weakTeacher))(
                x, at: t, given: condition
            ).evaluated()
        }
        let strong = teacher(x, time: t, duration: nil, condition).evaluated()
        let away = weak(x, time: t, duration: nil, condition).evaluated()
        let expected = zip(strong, away).enumerated().map { $0 < 4 ? $1.1 + 2 * ($1.0 - $1.1) : $1.0 }
        #expect(mismatch(guided(weak), expected, within: 1e-14) == nil)
        #expect(mismatch(guided(teacher), strong) == nil)
    }
}
