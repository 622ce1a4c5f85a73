/// Properties that follow from a method's parts.
extension Method {
    /// The method sees no sample of the data set.
    public var isDataFree: Bool { terms.allSatisfy { $0.term.states.isDataFree } }

    /// The augmentation of the data set where states are made from its samples; nil where the method sees none of
    /// them.
    public var dataAugmentation: Augmentation? {
        for case .data(let augmentation) in terms.map(\.term.states) { return augmentation }
        return nil
    }

    /// The use that a method makes of the teacher.
    public enum TeacherUse: Hashable, Sendable {
        /// The teacher is evaluated during the student's training.
        case evaluated
        /// The student begins as the teacher and does not need it afterwards.
        case start
        /// The method needs no teacher.
        case none
    }

    /// The use that this method makes of the teacher.
    public var teacherUse: TeacherUse { evaluatesTeacher ? .evaluated : start == .teacher ? .start : .none }

    /// The teacher is evaluated during the student's training.
    public var evaluatesTeacher: Bool {
        terms.contains { _, term in
            switch term.states {
            case .teacherSamples, .teacherPath: true
            case .prior, .data, .studentPath, .studentSamples: term.target.evaluatesTeacher
            }
        }
    }

    /// The student learns to start from t = 1 only: after one step it is at a time where it was never trained, so no
    /// second step can follow.
    public var isOneStepOnly: Bool {
        terms.allSatisfy { $0.term.states == .prior || $0.term.times.beginAtNoise }
    }

    /// The network that targets are computed with, where it is not the student.
    var targetNetwork: TargetNetwork { terms.map(\.term.target.network).first { $0 != .student } ?? .student }
}
