import Tensors
import TestSupport
import Testing

@testable import FlowMaps

@Suite("The gradient of a step of each method") struct MethodGradientTests {
    /// Of central differences in float64, see there.
    private let tolerance = 1e-8
    /// Float64 rounding through a network.
    private let rounding = 1e-12

    private static let rows = 8
    private let key = RandomKey(seed: 71)
    private static let shape = NetworkShape.mlp(
        width: 4, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 3))
    private let teacher = shape.build(dimension: 2, classes: 2, key: RandomKey(seed: 1))
    private let data: TrainingData = {
        let set = PlanarSet.rings.dataset(count: 40, key: RandomKey(seed: 2))
        return TrainingData(
            Dataset(name: "rings", samples: set.samples, dimension: 2, labels: (0..<40).map { $0 % 2 }, classCount: 2))
    }()
    private let optimization = Optimization(
        steps: 10, batch: rows, learningRate: 0.01, warmUp: 0, cooldown: 0, clip: nil, ema: .none)

    private func scattered(_ network: Network, seed: UInt64) -> Network {
        var index = 0
        return network.mapParameters {
            index += 1
            return $0 + 0.3 * Tensor.normal($0.shape, key: RandomKey(seed: seed).folding(index))
        }
    }

    /// A step in the middle of a training, so that ramps and stages are passed.
    private let step = Tensor(6)

    @Test("is that of Σ F · direction with the direction and the state held constant", arguments: MethodName.allCases)
    func gradient(name: MethodName) {
        var method = name.small
        method.labelDropout = 0.25
        // Conditional velocities are guided by the student itself, the teacher's as always.
        if method.main.target.velocity != nil { method.main.guidance = Guidance(scale: 2, to: 0.9) }
        let distillation = Distillation(method: method, optimization: optimization)
        let start = distillation.student(from: teacher, key: RandomKey(seed: 3))
        let student = scattered(start, seed: 4), other = scattered(start, seed: 5)
        let weights = method.terms.map { _, term in
            term.weighting.learned.map { learned in
                TimeWeightNetwork(learned).mapParameters { $0 + 0.3 * .normal($0.shape, key: RandomKey(seed: 7)) }
            }
        }
        let auxiliary = scattered(teacher, seed: 6)
        let field = TeacherVelocity(teacher)
        let training = MethodTraining(method, teacher: field, data: data, optimization: optimization, key: key)
        var state = DistillationState(
            student: TrainState(student), auxiliary: method.auxiliary == nil ? nil : TrainState(.copy(auxiliary)),
            target: method.targetNetwork == .student ? nil : other, weights: weights.map { $0.map { TrainState($0) } })
        let measured = training.step(&state, step)
        let moments = state.student.moments.first.parameters
        let values = Program { _ in moments + measured.map(\.value) }.evaluate()
        let found = values[..<moments.count].flatMap { $0 }.map { $0 / (1 - Adam().beta1) }

        let counts = method.rows(of: Self.rows)
        let parts = method.terms.enumerated().map { index, part -> (TermBatch, TermResult) in
            let bank = onCPU {
                try TeacherBank(
                    part.term.states, of: field, guidance: part.term.guidance, data: data, key: key.folding("bank"),
                    on: $0)
            }
            let drawing = BatchSampler(
                term: part.term, data: data, bank: bank, labelDropout: method.labelDropout,
                streams: TermStreams(key: key, isSecond: part.key != nil, sharing: method.sharing))
            let map = LearnedFlowMap(student)
            let begin = counts[..<index].reduce(0, +)
            let rows = drawing.rows(
                begin..<(begin + counts[index]), of: Self.rows, step: step, progress: Tensor(0.5), student: map)
            let networks = TermNetworks(
                student: map, target: state.target == nil ? map : LearnedFlowMap(other),
                teacher: GuidedVelocity(field, part.term.guidance),
                auxiliary: method.auxiliary == nil ? nil : LearnedVelocity(auxiliary), weight: weights[index])
            return (rows, part.term(rows, networks))
        }
        let balanced = method.secondTerm?.factor(of: parts[parts.count - 1].1, relativeTo: parts[0].1)
        let factors = [1, balanced?.evaluated()[0] ?? method.secondTerm?.weight ?? 1]
        let frozen = parts.flatMap { _, result in
            ([result.state, result.direction] + result.places.map(\.state)).flatMap { $0.evaluated() }
        }
        let expected = centralDifferences(at: student, frozen: frozen) { network, frozen in
            var (sum, place) = (Tensor(0), 0)
            for (index, (rows, result)) in parts.enumerated() {
                func next(_ rows: Int) -> Tensor {
                    defer { place += rows * 2 }
                    return frozen.slice(place..<(place + rows * 2)).reshaped(to: [rows, 2])
                }
                let count = counts[index], map = LearnedFlowMap(network)
                let (x, direction) = (next(count), next(count * max(1, result.places.count)))
                // The velocity of a policy at places that are held, or the map's own.
                let output: Tensor
                if result.places.isEmpty {
                    output = map.averageVelocity(x, from: rows.t, to: rows.s, given: rows.condition)
                } else {
                    let policy = map.policy(x, from: rows.t, to: rows.s, given: rows.condition)
                    output = .concatenate(result.places.map { policy(next(count), at: $0.time) })
                }
                sum += factors[index] * (output * direction).sum()
            }
            return sum / Double(Self.rows * 2)
        }
        #expect(mismatch(found, expected, within: tolerance) == nil)
        #expect(largest(expected) > 1e-4)
        let named = Dictionary(uniqueKeysWithValues: zip(measured.map(\.name), values[moments.count...].map { $0[0] }))
        let squares = parts[0].1.residual.evaluated().map { $0 * $0 }
        #expect(abs(named["mainResidual"]! - squares.reduce(0, +) / Double(squares.count)) < rounding * 100)
        #expect((named["auxiliaryLoss"] != nil) == (method.auxiliary != nil))
        #expect((named["secondTermResidual"] != nil) == (method.secondTerm != nil))
        #expect((named["mainWeightLoss"] != nil) == (method.main.weighting.learned != nil))
    }

    @Test("every target takes states from every source, or the two are refused", arguments: MethodName.allCases)
    func cross(name: MethodName) {
        let sampler = Sampler.heun(steps: 2)
        let sources: [StateSource] = [
            .prior, .plainData, .teacherSamples(count: 8, sampler: sampler, coupling: .independent),
            .teacherPath(sampler: sampler), .studentPath, .studentSamples,
        ]
        for source in sources {
            var method = name.small
            method.main.states = source
            let isRefused = (try? method.validate()) == nil
            let needsTimeBelow = if case .secant(_, .end) = method.main.target { source == .prior } else { false }
            #expect(isRefused == (method.main.target.needsPair && !source.hasPairs || needsTimeBelow))
            guard !isRefused else { continue }
            #expect(method.main.states.isDataFree == (source != .plainData))
            let trainer = Distillation(method: method, optimization: optimization)
                .trainer(teacher: teacher, untrained: Self.shape, data: data, key: key)
            #expect(throws: Never.self) { try trainer.advance(to: 3) }
        }
    }
}
