import Foundation
import Tensors
import TestSupport
import Testing

@testable import FlowMaps

/// One step of a method as it was drawn, for the peer that computes the same in another language.
struct PeerCase: Sendable, CustomTestStringConvertible {
    let name: String
    let method: Method
    var testDescription: String { name }

    static let rows = 8
    private static let key = RandomKey(seed: 71)
    private static let shape = NetworkShape.mlp(
        width: 4, depth: 2, times: Frequencies(count: 2, lowest: 1, highest: 3))
    private static let teacher = scattered(
        shape.build(dimension: 2, classes: 2, key: RandomKey(seed: 1)), seed: 9)
    private static let data: TrainingData = {
        let set = PlanarSet.rings.dataset(count: 40, key: RandomKey(seed: 2))
        return TrainingData(
            Dataset(name: "rings", samples: set.samples, dimension: 2, labels: (0..<40).map { $0 % 2 }, classCount: 2))
    }()
    private static let optimization = Optimization(
        steps: 10, batch: rows, learningRate: 0.01, warmUp: 0, cooldown: 0, clip: nil, ema: .none)
    /// In the middle of a training, so that ramps and stages are passed.
    private static let step = Tensor(6), progress = Tensor(0.5)

    /// Every method, and FreeFlow in its other forms.
    static let all: [PeerCase] = {
        var cases = MethodName.allCases.map { PeerCase(name: $0.rawValue, method: guided($0.small)) }
        var differences = guided(MethodName("freeflow").small)
        differences.main.target = .lagrangian(velocity: .teacher, derivative: .differences(intervals: 8))
        cases.append(PeerCase(name: "freeflowByDifferences", method: differences))
        var balanced = guided(MethodName("freeflow").small)
        balanced.secondTerm?.balance = .direction
        cases.append(PeerCase(name: "freeflowDecayed", method: balanced))
        var mixed = guided(MethodName("meanFlow").small)
        mixed.main.guidance = Guidance(scale: 1, to: 0.9, kappa: 0.5)
        cases.append(PeerCase(name: "meanFlowMixed", method: mixed))
        return cases
    }()

    /// The method with each velocity guided that may be, classes withheld, and one update of the auxiliary.
    private static func guided(_ method: Method) -> Method {
        var method = method
        method.labelDropout = 0.25
        func guide(_ term: inout Term, _ guidance: Guidance) {
            switch term.target {
            case .direct(let velocity), .eulerian(let velocity, _, _), .lagrangian(let velocity, _),
                .secant(let velocity, _):
                if velocity != .student, !term.isGuidedAtStates(velocity) { term.guidance = guidance }
            case .consistency(_, .heun, _), .imitation, .score, .fisher: term.guidance = guidance
            case .consistency, .semigroup, .moments: break
            }
        }
        guide(&method.main, Guidance(scale: 2, to: 0.9))
        if var second = method.secondTerm?.term {
            guide(&second, Guidance(scale: 1.5, from: 0.1, to: 0.7))
            method.secondTerm?.term = second
        }
        method.auxiliary = method.auxiliary.map {
            AuxiliaryTraining(learningRateRatio: $0.learningRateRatio, updates: 1)
        }
        return method
    }

    private static func scattered(_ network: Network, seed: UInt64) -> Network {
        var index = 0
        return network.mapParameters {
            index += 1
            return $0 + 0.3 * Tensor.normal($0.shape, key: RandomKey(seed: seed).folding(index))
        }
    }

    /// The numbers of a step here, and all that they were computed from.
    struct Drawn {
        /// The arguments of the peer, as JSON takes them.
        var arguments: [String: Any] = [:]
        /// Gradients in the order of the parameters; those of weights in the order of the terms that learn one.
        var student: [Double] = [], auxiliary: [Double]?, weights: [[Double]] = []
        /// The recorded numbers by name.
        var recorded: [String: Double] = [:]
        let names: (student: [String], auxiliary: [String])
    }

    /// Takes the step in float64, and draws its rows once more.
    func drawn() -> Drawn {
        let distillation = Distillation(method: method, optimization: Self.optimization)
        let start = distillation.student(from: Self.teacher, key: RandomKey(seed: 3))
        let student = Self.scattered(start, seed: 4), other = Self.scattered(start, seed: 5)
        let auxiliary = Self.scattered(Self.teacher, seed: 6)
        let weights = method.terms.map { _, term in
            term.weighting.learned.map { learned in
                TimeWeightNetwork(learned).mapParameters { $0 + 0.3 * .normal($0.shape, key: RandomKey(seed: 7)) }
            }
        }
        var drawn = Drawn(names: (student.parameterNames, auxiliary.parameterNames))
        take(&drawn, student, other, auxiliary, weights)
        var networks = ["student": described(student), "teacher": described(Self.teacher)]
        if method.targetNetwork != .student { networks["target"] = described(other) }
        if method.auxiliary != nil { networks["auxiliary"] = described(auxiliary) }
        drawn.arguments = [
            "name": name, "classes": Self.data.classes, "networks": networks,
            "terms": terms(of: LearnedFlowMap(student), weights),
            "compared": method.terms.firstIndex { $0.term.target.levels != nil } ?? 0,
            "weight": method.secondTerm?.weight ?? 1, "balance": (method.secondTerm?.balance ?? .none).rawValue,
        ]
        return drawn
    }

    private func take(
        _ drawn: inout Drawn, _ student: Network, _ other: Network, _ auxiliary: Network,
        _ weights: [TimeWeightNetwork?]
    ) {
        let training = MethodTraining(
            method, teacher: TeacherVelocity(Self.teacher), data: Self.data, optimization: Self.optimization,
            key: Self.key)
        var state = DistillationState(
            student: TrainState(student), auxiliary: method.auxiliary == nil ? nil : TrainState(.copy(auxiliary)),
            target: method.targetNetwork == .student ? nil : other, weights: weights.map { $0.map { TrainState($0) } })
        let measured = training.step(&state, Self.step)
        let learned =
            [state.student.moments.first.parameters, state.auxiliary?.moments.first.parameters ?? []]
            + state.weights.map { $0?.moments.first.parameters ?? [] }
        let values = Program { _ in learned.flatMap { $0 } + measured.map(\.value) }.evaluate()
        var place = 0
        // The first moment of the first update is a known share of the gradient.
        let gradients = learned.map { part in
            defer { place += part.count }
            return values[place..<(place + part.count)].flatMap { $0 }.map { $0 / (1 - Adam().beta1) }
        }
        drawn.student = gradients[0]
        drawn.auxiliary = method.auxiliary == nil ? nil : gradients[1]
        drawn.weights = gradients[2...].filter { !$0.isEmpty }
        drawn.recorded = Dictionary(
            uniqueKeysWithValues: zip(measured.map(\.name), values[place...].map { $0[0] }))
    }

    /// The rows of each term, as the step drew them.
    private func terms(of map: LearnedFlowMap, _ weights: [TimeWeightNetwork?]) -> [[String: Any]] {
        let counts = method.rows(of: Self.rows), field = TeacherVelocity(Self.teacher)
        return method.terms.enumerated().map { index, part in
            let bank = onCPU {
                try TeacherBank(
                    part.term.states, of: field, guidance: part.term.guidance, data: Self.data,
                    key: Self.key.folding("bank"), on: $0)
            }
            let sampler = BatchSampler(
                term: part.term, data: Self.data, bank: bank, labelDropout: method.labelDropout,
                streams: TermStreams(key: Self.key, isSecond: part.key != nil, sharing: method.sharing))
            let begin = counts[..<index].reduce(0, +)
            let rows = sampler.rows(
                begin..<(begin + counts[index]), of: Self.rows, step: Self.step, progress: Self.progress, student: map)
            var described: [String: Any] = [
                "t": matrix(rows.t), "s": matrix(rows.s), "r": matrix(rows.r), "fraction": matrix(rows.fraction),
                "level": matrix(rows.level), "noise": matrix(rows.noise), "renoise": matrix(rows.renoise),
                "sample": rows.sample.map { matrix($0) } ?? NSNull(), "labels": rows.condition.labels!.evaluated(),
                "progress": Self.progress.evaluated()[0], "guidance": NSNull(), "weight": NSNull(),
            ]
            if let guidance = part.term.guidance, case .fixed(let scale) = guidance.scale {
                described["guidance"] = [
                    "scale": scale, "from": guidance.from, "to": guidance.to, "kappa": guidance.kappa ?? 0,
                ]
            }
            if let learned = part.term.weighting.learned, let weight = weights[index] {
                described["weight"] = parameters(of: weight)
                described["omega"] = rounded(learned.times)
            }
            return described
        }
    }

    private func described(_ network: Network) -> [String: Any] {
        var result: [String: Any] = [
            "p": parameters(of: network), "omega": rounded(Frequencies(count: 2, lowest: 1, highest: 3)),
        ]
        if case .decoupled(let early) = network.form.conditioning {
            result["early"] = StepConditioning.early(early, of: Self.shape.depth)
        }
        return result
    }

    /// Frequencies as the networks hold them, in float32.
    private func rounded(_ times: Frequencies) -> [Double] { times.frequencies.map { Double(Float($0)) } }

    private func parameters(of module: some Module) -> [String: Any] {
        Dictionary(
            uniqueKeysWithValues: zip(
                module.parameterNames, module.parameters.map { $0.rank == 1 ? $0.evaluated() : matrix($0) }))
    }

    private func matrix(_ tensor: Tensor) -> Any {
        let values = tensor.evaluated(), width = tensor.shape[1]
        return (0..<tensor.shape[0]).map { Array(values[($0 * width)..<(($0 + 1) * width)]) }
    }
}
