import FlowMaps
import Specification

/// One piece of a study's work: a run, or what runs share. Each is found again by its identity, a hash of all that decides it.
public enum Stage: Codable, Hashable, Sendable {
    case teacher(TeacherStage)
    case classifier(ClassifierStage)
    case reference(ReferenceStage)
    indirect case training(StudentStage)
    /// In a box of its own: a plan of many runs holds each several times.
    indirect case run(RunStage)

    public var identity: Identity {
        switch self {
        case .teacher(let stage): stage.identity
        case .classifier(let stage): stage.identity
        case .reference(let stage): stage.identity
        case .training(let stage): stage.identity
        case .run(let stage): stage.identity
        }
    }

    /// Its stages with their versions, each raised whenever the same specification would give other numbers.
    package var stages: [(name: String, version: Int)] {
        switch self {
        case .teacher: [("teacher", TeacherStage.version)]
        case .classifier: [("classifier", ClassifierStage.version)]
        case .reference: [("reference", ReferenceStage.version)]
        case .training: [("training", TrainingStage.version)]
        case .run: [("evaluation", EvaluationStage.version)]
        }
    }

    /// What has to be there before.
    public var needs: [Stage] {
        switch self {
        case .classifier: return []
        case .teacher(let stage): return stage.classifier.map { [.classifier($0)] } ?? []
        case .reference(let stage):
            return Self.each(
                [stage.teacher, stage.weakTeacher].flatMap(Self.made)
                    + (stage.classifier.map { [.classifier($0)] } ?? []))
        case .training(let stage):
            return Self.each([stage.training.teacherStage, stage.training.weakTeacherStage].flatMap(Self.made))
        case .run(let stage):
            // A search evaluates the teacher, and the student is judged by the classifier: the reference alone is not enough.
            return Self.each(
                Stage.reference(stage.reference).needs + Self.made(stage.weakTeacher) + [.reference(stage.reference)]
                    + Stage.training(stage.student).needs + [.training(stage.student)])
        }
    }

    /// A teacher that is trained, and before it what that needs in turn.
    private static func made(_ teacher: TeacherStage?) -> [Stage] {
        guard let stage = teacher?.trained.map({ Stage.teacher($0) }) else { return [] }
        return stage.needs + [stage]
    }

    /// The same without what was there before.
    private static func each(_ works: [Stage]) -> [Stage] {
        works.enumerated().filter { !works[..<$0.offset].contains($0.element) }.map(\.element)
    }

    /// For people: "teacher 1a2b3c", "objective=combined,seed=0".
    public var title: String {
        switch self {
        case .run(let stage): stage.run.point
        case .training(let stage): stage.title
        case .teacher, .classifier, .reference: "\(kind) \(identity.short.prefix(6))"
        }
    }

    /// Steps that its progress is counted in.
    public var steps: Int {
        switch self {
        case .teacher(let stage): stage.optimization.steps
        case .classifier(let stage): stage.training.optimization.steps
        case .reference: 2
        case .training(let stage): stage.training.student.optimization.steps
        case .run(let stage): stage.student.snapshots.count
        }
    }

    /// Threads that its training takes.
    public var threads: Int {
        switch self {
        case .teacher(let stage): stage.optimization.execution.threads
        case .classifier(let stage): stage.training.optimization.execution.threads
        case .reference: 1
        case .training(let stage): stage.training.student.optimization.execution.threads
        case .run: 1
        }
    }

    /// What sort of work it is, in a word.
    public var kind: String {
        switch self {
        case .teacher: "teacher"
        case .classifier: "classifier"
        case .reference: "reference"
        case .training: "training"
        case .run: "run"
        }
    }
}
