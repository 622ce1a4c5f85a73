import Tensors
import FlowMaps
import TestSupport
import Testing

@Suite("Guidance") struct GuidanceTests {
    /// Float64 rounding through a handful of operations.
    private let rounding = 1e-14

    /// One velocity with a class and another without.
    private struct TwoVelocities: GuidableVelocity {
        let conditional, withheld: Double

        func callAsFunction(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
            Tensor(condition.labels == nil ? withheld : conditional).broadcast(to: x.shape)
        }

        func unconditional(_ x: Tensor, at t: Tensor) -> Tensor { self(x, at: t, given: .none) }
    }

    private let network = NetworkShape.mlp(width: 8, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 4))
        .build(dimension: 2, classes: 3, key: RandomKey(seed: 4))
    private let x = Tensor.normal([5, 2], key: RandomKey(seed: 5))
    private let t = Tensor([0, 0.25, 0.5, 0.75, 1], shape: [5, 1])
    private let condition = Condition(labels: Tensor([0, 1, 2, 1, 0], shape: [5]))

    private var field: LearnedVelocity { LearnedVelocity(network) }

    private func guided(_ guidance: Guidance?) -> [Double] {
        GuidedVelocity(field, guidance)(x, at: t, given: condition).evaluated()
    }

    @Test("a scale of 1, and none at all, are the conditional velocity exactly")
    func none() {
        let conditional = field(x, at: t, given: condition).evaluated()
        #expect(mismatch(guided(Guidance(scale: 1)), conditional) == nil)
        #expect(mismatch(guided(nil), conditional) == nil)
    }

    @Test("inside the interval, ends included, it is u(·) + γ (u(·|c) − u(·)); outside it is the conditional exactly")
    func interval() {
        let conditional = field(x, at: t, given: condition).evaluated()
        let withheld = field.unconditional(x, at: t).evaluated()
        let expected = zip(withheld, conditional).map { $0 + 2.5 * ($1 - $0) }
        let found = guided(Guidance(scale: 2.5, from: 0.25, to: 0.75))
        #expect(mismatch(Array(found[2..<8]), Array(expected[2..<8]), within: rounding) == nil)
        #expect(mismatch(found[..<2], conditional[..<2]) == nil)
        #expect(mismatch(found[8...], conditional[8...]) == nil)
        #expect(largest(zip(expected, conditional).map { $0 - $1 }) > 0.1)
    }

    @Test("a scale of 0 is the velocity without a class")
    func withheld() {
        let withheld = field.unconditional(x, at: t).evaluated()
        #expect(mismatch(guided(Guidance(scale: 0)), withheld, within: rounding) == nil)
    }

    @Test("a student's steps are guided as velocities are, by their t, and each that is takes two evaluations")
    func steps() {
        let student = network.embedding([.duration], key: RandomKey(seed: 6))
            .mapParameters { $0 + 0.3 * .normal($0.shape, key: RandomKey(seed: 7)) }
        let s = 0.5 * t
        func mean(_ guidance: Guidance?, _ condition: Condition) -> [Double] {
            LearnedFlowMap(student, guidance: guidance).averageVelocity(x, from: t, to: s, given: condition).evaluated()
        }
        let conditional = mean(nil, condition),
            withheld = mean(nil, Condition(labels: Tensor([3, 3, 3, 3, 3], shape: [5])))
        let found = mean(Guidance(scale: 2.5, from: 0.5), condition)
        let expected = zip(withheld, conditional).map { $0 + 2.5 * ($1 - $0) }
        #expect(mismatch(found[..<4], conditional[..<4]) == nil)
        #expect(mismatch(Array(found[4...]), Array(expected[4...]), within: rounding) == nil)
        #expect(largest(zip(expected[4...], conditional[4...]).map { $0 - $1 }) > 0.1)
        var method = Method.imm
        (method.labelDropout, method.samplingGuidance) = (0.1, Guidance(scale: 2, from: 0.4))
        let optimization = Optimization(
            steps: 1, batch: 8, learningRate: 1e-3, warmUp: 0, cooldown: 0, clip: nil, ema: .none)
        let distillation = Distillation(method: method, optimization: optimization)
        #expect([1, 2, 4, 8].map(distillation.evaluations(steps:)) == [2, 4, 7, 13])
    }

    @Test("a student that cannot guide itself is not sampled so")
    func stepsRefused() throws {
        func refusal(_ change: (inout Method) -> Void) -> Violation? {
            var method = Method.imm
            (method.labelDropout, method.samplingGuidance) = (0.1, Guidance(scale: 2))
            change(&method)
            do { try method.validate() } catch { return error }
            return nil
        }
        #expect(refusal { _ in } == nil)
        #expect(refusal { $0.labelDropout = 0 }?.allowed.contains("labelDropout above 0") == true)
        #expect(refusal { $0.samplingGuidance = Guidance(scale: .drawn) }?.key == "imm.samplingGuidance.scale")
        #expect(
            refusal { $0.samplingGuidance = Guidance(scale: 2, by: .weakTeacher) }?.key == "imm.samplingGuidance.by")
        #expect(
            refusal { $0.samplingGuidance = Guidance(scale: 2, from: 0.5, to: 0.2) }?.key == "imm.samplingGuidance.to")
        let policy = Method(
            "piFlow", main: Method.piFlow.main, labelDropout: 0.1, sampling: .map,
            form: Method.piFlow.form)
        #expect(throws: Never.self) { try policy.validate() }
        var guided = policy
        guided.samplingGuidance = Guidance(scale: 2)
        #expect(throws: Violation.self) { try guided.validate() }
    }

    @Test("without classes there is nothing to guide")
    func unlabelled() {
        let flow = GaussianFlow(mean: [1, 2], deviation: [1, 0.5])
        let found = GuidedVelocity(flow, Guidance(scale: 3))(x, at: t, given: .none).evaluated()
        #expect(mismatch(found, flow(x, at: t, given: .none).evaluated()) == nil)
    }

    @Test("a sampler guides just as many steps as it counts", arguments: [1, 5, 10, 24, 50])
    func counted(steps: Int) {
        // Guided by 2 the velocity is 1, else 0: what a sample has moved by is the share of steps that were guided.
        let field = TwoVelocities(conditional: 0, withheld: -1)
        for tenths in [(0, 10), (1, 10), (3, 7), (0, 7), (2, 6), (9, 9)] {
            let guidance = Guidance(scale: 2, from: Double(tenths.0) / 10, to: Double(tenths.1) / 10)
            let sampler = Sampler.euler(steps: steps)
            let end = sampler(
                GuidedVelocity(field, guidance), noise: .zeros([1, 1]), given: Condition(labels: .zeros([1])))[0]
            let moved = Int((-end * Float(steps)).rounded())
            #expect(sampler.evaluations(guidance: guidance) == steps + moved)
        }
    }

    @Test(
        "an interval outside [0, 1] or from its end to its beginning is refused",
        arguments: [
            (Guidance(scale: -1), "scale: found -1.0, allowed: at least 0.0"),
            (Guidance(scale: 2, from: -0.5), "from: found -0.5, allowed: from 0 to 1"),
            (Guidance(scale: 2, from: 0.5, to: 0.25), "to: found 0.25, allowed: from 0.5 to 1.0"),
            (Guidance(scale: 2, to: 1.5), "to: found 1.5, allowed: from 0.0 to 1.0"),
        ])
    func refused(guidance: Guidance, message: String) {
        let violation = #expect(throws: Violation.self) { try guidance.validate() }
        #expect(violation?.description == message)
        #expect(throws: Never.self) { try Guidance(scale: 2, from: 0.25, to: 0.5).validate() }
    }
}
