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
    public var auxiliary: Learner<AuxiliaryNetwork>?

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        student.visitParameters(under: "student", visit)
        auxiliary?.visitParameters(under: "auxiliary", visit)
    }
}
