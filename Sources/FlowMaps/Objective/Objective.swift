import Engine

/// What a student is trained to do: a closed list, each with all of its settings.
public enum Objective: Codable, Hashable, Sendable, Validated {
    /// At least one of the two parts.
    case freeflow(prediction: Prediction?, correction: Correction?)
    case meanFlow(states: StateSource, times: PairDistribution, decay: ResidualDecay, guidance: Guidance?)

    public enum CodingKeys: String, CodingKey, CaseIterable { case freeflow, meanFlow }

    public func validate() throws(Violation) {
        if case .freeflow(prediction: nil, correction: nil) = self {
            throw Violation(key: "freeflow", found: "neither part", allowed: "prediction, correction or both")
        }
    }

    /// Whether no sample of the data set is seen.
    public var isDataFree: Bool {
        switch self {
        case .freeflow: true
        case .meanFlow(let states, _, _, _): states.isDataFree
        }
    }
}

/// A student and all that is trained with it.
public struct DistillationState: Module {
    public var student: Learner<Network>
    /// The network of the student's own velocity, where the objective has a correction.
    public var auxiliary: Learner<Network>?

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        student.visitParameters(under: "student", visit)
        auxiliary?.visitParameters(under: "auxiliary", visit)
    }
}

/// A flow map distilled from a teacher: what a spec says of a student.
public struct Distillation: Codable, Hashable, Sendable {
    public let objective: Objective
    public let optimization: Optimization

    public init(objective: Objective, optimization: Optimization) {
        (self.objective, self.optimization) = (objective, optimization)
    }

    /// A trainer at its first step. The student is the teacher with a duration embedder, the auxiliary a copy of the teacher.
    /// - Parameters:
    ///   - teacher: known numbers.
    ///   - data: read for its shape; its samples only where the objective takes states from data.
    public func trainer(teacher: Network, data: TrainingData, key: RandomKey) -> Trainer<DistillationState> {
        var start = DistillationState(
            student: Learner(teacher.withDuration(key: key.folding("weights"))), auxiliary: nil)
        let field = LearnedVelocity(teacher)
        switch objective {
        case .freeflow(let prediction, let correction):
            if correction != nil { start.auxiliary = Learner(teacher) }
            let freeFlow = FreeFlow(
                prediction: prediction, correction: correction, teacher: field, classes: data.classes,
                dimension: data.dimension, optimization: optimization, key: key)
            return Trainer(initial: start, freeFlow.step)
        case .meanFlow(let states, let times, let decay, let guidance):
            let meanFlow = MeanFlow(states: states, times: times, decay: decay, guidance: guidance)
            return Trainer(initial: start) { state, step in
                meanFlow.step(&state, step, teacher: field, data: data, optimization: optimization, key: key)
            }
        }
    }
}
