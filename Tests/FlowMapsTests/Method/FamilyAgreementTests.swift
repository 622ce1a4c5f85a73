import Engine
import TestSupport
import Testing

@testable import FlowMaps

@Suite("FreeFlow and MeanFlow as members of the family are what they were as objectives of their own")
struct FamilyAgreementTests {
    /// Float64 rounding through a network, a derivative and Adam.
    private let rounding = 1e-12
    private let key = RandomKey(seed: 31)
    private static let shape = NetworkShape.mlp(
        width: 8, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 3))
    private let teacher = shape.build(dimension: 2, classes: 3, key: RandomKey(seed: 1))
    private let data: TrainingData = {
        let set = PlanarSet.rings.dataset(count: 60, key: RandomKey(seed: 2))
        return TrainingData(
            Dataset(name: "rings", samples: set.samples, dimension: 2, labels: (0..<60).map { $0 % 3 }, classCount: 3))
    }()
    private let optimization = Optimization(
        steps: 10, batch: 16, rate: 0.01, warmUp: 0, decay: 0.5, clip: 1, average: 0.1)

    private func scattered(_ network: Network, seed: UInt64) -> Network {
        var index = 0
        return network.mapParameters {
            index += 1
            return $0 + 0.3 * Tensor.normal($0.shape, key: RandomKey(seed: seed).folding(index))
        }
    }

    private func start(_ method: Method, _ scales: ScaleDistribution?) -> DistillationState {
        let told = Distillation(method: method, optimization: optimization, scales: scales)
        let student = scattered(told.student(from: teacher, key: key), seed: 4)
        let auxiliary = told.auxiliary(from: teacher, key: key).map { _ in
            Learner(
                AuxiliaryNetwork.copy(
                    scattered(scales == nil ? teacher : teacher.embedding([.guidance], key: key), seed: 5)))
        }
        return DistillationState(student: Learner(student), auxiliary: auxiliary)
    }

    /// All that is left after two steps, in float64.
    private func after(
        _ start: DistillationState, _ body: (inout DistillationState, Tensor) -> [(name: String, value: Tensor)]
    ) -> [Double] {
        var state = start
        let first = body(&state, Tensor(5)), second = body(&state, Tensor(6))
        return Program { _ in state.parameters + (first + second).map(\.value) }.evaluate().flatMap { $0 }
    }

    struct Variant: Sendable {
        let prediction: Prediction?
        let correction: Correction?
        var scales: ScaleDistribution?

        var method: Method {
            let predicted = Method.prediction(
                prediction?.derivative ?? .jvp, durations: prediction?.durations ?? .everywhere,
                weight: prediction?.decay, guidance: prediction?.guidance)
            guard let correction else { return predicted }
            return predicted.corrected(
                share: prediction == nil ? 1 : correction.share, weight: correction.alpha,
                balance: correction.balance == .residual ? .residual : .direction, levels: correction.times,
                guidance: correction.guidance, auxiliary: correction.auxiliary)
        }
    }

    private static func prediction(
        _ derivative: Derivative = .jvp, _ power: Double = 1, durations: TimeDistribution = .everywhere,
        guidance: Guidance? = Guidance(scale: 2, to: 0.9)
    ) -> Prediction {
        Prediction(
            derivative: derivative, durations: durations, decay: AdaptiveWeight(power: power, epsilon: 1e-3),
            guidance: guidance)
    }

    private static func correction(
        share: Double = 0.25, alpha: Double = 1.5, balance: Correction.Balance = .residual, updates: Int = 1,
        guidance: Guidance? = Guidance(scale: 2, to: 0.7)
    ) -> Correction {
        Correction(
            share: share, alpha: alpha, balance: balance, times: .logitNormal(location: 0.8, scale: 1.6),
            guidance: guidance, auxiliary: AuxiliaryTraining(learningRateRatio: 2, updates: updates))
    }

    static let variants: [Variant] = [
        Variant(prediction: prediction(), correction: nil), Variant(prediction: prediction(.jvp, 0), correction: nil),
        Variant(prediction: prediction(.differences(intervals: 4)), correction: nil),
        Variant(prediction: prediction(.differences(intervals: 5), 0.5), correction: nil),
        Variant(prediction: prediction(durations: .logitNormal(location: 0, scale: 1)), correction: nil),
        Variant(prediction: nil, correction: correction()),
        Variant(prediction: nil, correction: correction(alpha: 1, updates: 3)),
        Variant(prediction: prediction(), correction: correction()),
        Variant(prediction: prediction(.jvp, 0), correction: correction(share: 0.6, balance: .decayed, updates: 2)),
        Variant(prediction: prediction(.jvp, 0.5), correction: correction(balance: .decayed)),
        Variant(prediction: prediction(.differences(intervals: 8)), correction: correction(share: 0.01)),
        Variant(
            prediction: prediction(guidance: Guidance(scale: .drawn)),
            correction: correction(guidance: Guidance(scale: .drawn, to: 0.7)), scales: .uniform(from: 1, to: 3)),
    ]

    private func old(_ variant: Variant) -> FreeFlow {
        FreeFlow(
            prediction: variant.prediction, correction: variant.correction, teacher: TeacherVelocity(teacher),
            classes: 3,
            dimension: 2, scales: variant.scales, optimization: optimization, key: key)
    }

    private func new(_ method: Method, _ scales: ScaleDistribution?, key: RandomKey) -> MethodTraining {
        MethodTraining(
            method, teacher: TeacherVelocity(teacher), data: data, scales: scales, optimization: optimization, key: key)
    }

    @Test("FreeFlow, of the same draws, in float64", arguments: variants.indices)
    func freeflow(index: Int) {
        let variant = Self.variants[index], start = start(variant.method, variant.scales)
        let expected = after(start, old(variant).step)
        let found = after(start, new(variant.method, variant.scales, key: key).step)
        #expect(found.count == expected.count)
        #expect(relativeDifference(found, expected) < rounding)
    }

    /// But where 1 − (1 − δ) is rounded: a fifth, and a law whose times are no multiples of 2⁻²⁴.
    @Test("FreeFlow, bit for bit in float32", arguments: variants.indices.filter { $0 != 3 && $0 != 4 })
    func bits(index: Int) throws {
        let variant = Self.variants[index], start = start(variant.method, variant.scales)
        let old = Trainer(initial: start, old(variant).step)
        let new = Trainer(initial: start, new(variant.method, variant.scales, key: key).step)
        try old.advance(to: 10)
        try new.advance(to: 10)
        #expect(old.snapshot.tensors == new.snapshot.tensors)
        #expect(old.measured == new.measured)
    }

    @Test(
        "MeanFlow, of the same draws, in float64",
        arguments: [StateSource.prior, .data(augmentation: Augmentation(kinds: [], strength: 0))], [0, 1.0])
    func meanFlow(states: StateSource, power: Double) {
        let times = PairDistribution(first: .everywhere, second: .logitNormal(location: 0, scale: 1), equal: 0.25)
        let guidance = Guidance(scale: 2, to: 0.9)
        let old = MeanFlow(
            states: states, times: times, decay: AdaptiveWeight(power: power, epsilon: 1e-3), guidance: guidance)
        var method = Method.meanFlowFromTeacher
        method.main = Term(
            states: states, times: .pair(first: times.first, second: times.second, equal: times.equal),
            target: method.main.target, weighting: .adaptive(power: power, epsilon: 1e-3), guidance: guidance)
        let start = start(method, nil)
        // A term's streams are those of its name.
        let expected = after(start) { [teacher, data, optimization, key] in
            old.step(
                &$0, $1, teacher: TeacherVelocity(teacher), data: data, optimization: optimization,
                key: key.folding("main"))
        }
        let found = after(start, new(method, nil, key: key).step)
        #expect(found.count == expected.count)
        #expect(relativeDifference(found, expected) < rounding)
    }
}
