import FlowMaps
import TestSupport
import Tensors

@testable import FlowMaps

// What needs a backend, on this machine's processor.

extension Trainer {
    convenience init(
        initial: State, execution: Execution = Execution(),
        _ body: (inout State, Tensor) -> [(name: String, value: Tensor)]
    ) {
        do { try self.init(initial: initial, execution: execution, on: onCPU { $0 }, body) } catch {
            fatalError("\(error)")
        }
    }
}

extension Distillation {
    func trainer(
        teacher: Network, exact distribution: GaussianMixture? = nil, weakTeacher: Network? = nil,
        untrained: NetworkShape? = nil, data: TrainingData, key: RandomKey
    ) -> Trainer<DistillationState> {
        onCPU {
            try trainer(
                teacher: teacher, exact: distribution, weakTeacher: weakTeacher, untrained: untrained, data: data,
                key: key,
                on: $0)
        }
    }
}

extension TeacherTraining {
    func trainer(
        on data: TrainingData, extractor: Classifier? = nil, key: RandomKey
    ) -> Trainer<TrainState<TeacherModel>> {
        onCPU { try trainer(on: data, extractor: extractor, key: key, on: $0) }
    }
}

extension Classifier.Training {
    func trainer(on data: TrainingData, key: RandomKey) -> Trainer<TrainState<Classifier>> {
        onCPU { try trainer(on: data, key: key, on: $0) }
    }
}

extension Classifier {
    func reading(_ samples: [Float], dimension: Int) -> (features: [Float], logits: [Float]) {
        onCPU { try reading(samples, dimension: dimension, on: $0) }
    }
}

extension MethodTraining {
    init(
        _ method: Method, teacher: TeacherVelocity, data: TrainingData,
        guidanceScales: GuidanceScaleDistribution? = nil,
        optimization: Optimization, key: RandomKey
    ) {
        self = onCPU {
            try MethodTraining(
                method, teacher: teacher, data: data, guidanceScales: guidanceScales, optimization: optimization,
                key: key, on: $0)
        }
    }
}

extension Sampler {
    func callAsFunction(
        _ field: some VelocityField, noise: Tensor, given condition: Condition, key: RandomKey? = nil,
        visit: Visit = { _, _ in }
    ) -> [Float] {
        run(field, noise: noise, given: condition, key: key, visit: visit).values
    }

    func run(
        _ field: some VelocityField, noise: Tensor, given condition: Condition, key: RandomKey? = nil,
        visit: Visit = { _, _ in }
    ) -> Run {
        onCPU { try run(field, noise: noise, given: condition, key: key, on: $0, visit: visit) }
    }
}
