import Engine

/// What a student is trained to do: a closed list, each with all of its settings.
public enum Objective: Hashable, Sendable, Validated {
    /// At least one of the two parts.
    case freeflow(prediction: Prediction?, correction: Correction?)
    case meanFlow(states: StateSource, times: PairDistribution, decay: ResidualDecay, guidance: Guidance?)
    /// Any other method, put together from parts.
    case method(Method)

    public func validate() throws(Violation) {
        switch self {
        case .freeflow(prediction: nil, correction: nil):
            throw Violation(key: "freeflow", found: "neither part", allowed: "prediction, correction or both")
        case .meanFlow(let states, _, _, _):
            switch states {
            case .prior, .data: break
            case .teacherSamples, .teacherPath, .studentPath, .studentSamples:
                throw Violation(
                    key: "meanFlow.states", found: states.name,
                    allowed: "prior or data; meanFlowFromTeacher takes states from anywhere")
            }
        case .freeflow: break
        case .method(let method):
            do { try method.validate() } catch {
                throw Violation(
                    key: [method.name.rawValue, error.key].compactMap { $0 }.joined(separator: "."),
                    found: error.found, allowed: error.allowed)
            }
        }
    }

    /// How the data set is augmented at whose samples states are made; nil where no sample of it is seen.
    public var dataAugmentation: Augmentation? {
        let sources: [StateSource] =
            switch self {
            case .freeflow: []
            case .meanFlow(let states, _, _, _): [states]
            case .method(let method): method.terms.map(\.term.states)
            }
        for case .data(let augmentation) in sources { return augmentation }
        return nil
    }

    /// What the student takes from the teacher.
    public enum TeacherUse: Hashable, Sendable {
        /// It is asked while the student trains.
        case asked
        /// The student begins as it, and does not need it any more.
        case start
        case none
    }

    public var teacherUse: TeacherUse {
        switch self {
        case .freeflow, .meanFlow: .asked
        case .method(let method): method.asksTeacher ? .asked : method.start == .teacher ? .start : .none
        }
    }

    /// Whether the student learns to set out from t = 1 alone: after one step it is where it has never been, so that no second
    /// can follow.
    public var setsOutFromNoiseAlone: Bool {
        switch self {
        case .freeflow: true
        case .meanFlow(let states, _, _, _): states == .prior
        case .method(let method): method.setsOutFromNoiseAlone
        }
    }

    /// Whether no sample of the data set is seen.
    public var isDataFree: Bool {
        switch self {
        case .freeflow: true
        case .meanFlow(let states, _, _, _): states.isDataFree
        case .method(let method): method.isDataFree
        }
    }
}

/// A student and all that is trained with it.
public struct DistillationState: Module {
    public var student: Learner<Network>
    /// The network of the student's own velocity, where the objective has a correction.
    public var auxiliary: Learner<AuxiliaryNetwork>?
    /// The network that targets are computed with, where it is not the student as it is.
    public var target: Network?
    /// The learned weights of times, one a term of a method; empty where none is learned.
    public var weights: [Learner<TimeWeightNetwork>?] = []

    public mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
        student.visitParameters(under: "student", visit)
        auxiliary?.visitParameters(under: "auxiliary", visit)
        target?.visitParameters(under: "target", visit)
        weights.visitParameters(under: "weights", visit)
    }
}
