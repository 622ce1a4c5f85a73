/// What a method's parts say of it.
extension Method {
    /// Whether no sample of the data set is seen.
    public var isDataFree: Bool { terms.allSatisfy { $0.term.states.isDataFree } }

    /// How the data set is augmented at whose samples states are made; nil where no sample of it is seen.
    public var dataAugmentation: Augmentation? {
        for case .data(let augmentation) in terms.map(\.term.states) { return augmentation }
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

    public var teacherUse: TeacherUse { asksTeacher ? .asked : start == .teacher ? .start : .none }

    /// Whether the teacher is asked while the student trains.
    public var asksTeacher: Bool {
        terms.contains { _, term in
            switch term.states {
            case .teacherSamples, .teacherPath: true
            case .prior, .data, .studentPath, .studentSamples: term.target.asksTeacher
            }
        }
    }

    /// Whether the student learns to set out from t = 1 alone: after one step it is where it has never been, so that no second
    /// can follow.
    public var isOneStepOnly: Bool {
        terms.allSatisfy { $0.term.states == .prior || $0.term.times.beginAtNoise }
    }

    /// The network that targets are computed with, where it is not the student.
    var targetNetwork: TargetNetwork { terms.map(\.term.target.network).first { $0 != .student } ?? .student }
}
