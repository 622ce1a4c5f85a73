import FlowMaps
import Specification

/// One stage of a study: a run, or a product that runs share. Its identity, a hash of everything that decides it,
/// finds it again.
public enum Stage: Codable, Hashable, Sendable {
    case teacher(TeacherStage)
    case classifier(ClassifierStage)
    case reference(ReferenceStage)
    indirect case training(StudentStage)
    /// A run, boxed: a plan of many runs contains each several times.
    indirect case run(RunStage)

    /// The identity of the stage.
    public var identity: Identity {
        switch self {
        case .teacher(let stage): stage.identity
        case .classifier(let stage): stage.identity
        case .reference(let stage): stage.identity
        case .training(let stage): stage.identity
        case .run(let stage): stage.identity
        }
    }

    /// The names and versions of the stages within it, each raised whenever the same specification would give other
    /// numbers.
    package var stages: [(name: String, version: Int)] {
        switch self {
        case .teacher: [("teacher", TeacherStage.version)]
        case .classifier: [("classifier", ClassifierStage.version)]
        case .reference: [("reference", ReferenceStage.version)]
        case .training: [("training", TrainingStage.version)]
        case .run: [("evaluation", EvaluationStage.version)]
        }
    }

    /// The stages that must be done before.
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
            // A search evaluates the teacher, and the student is scored by the classifier: the reference alone is not
            // enough.
            return Self.each(
                Stage.reference(stage.reference).needs + Self.made(stage.weakTeacher) + [.reference(stage.reference)]
                    + Stage.training(stage.student).needs + [.training(stage.student)])
        }
    }

    /// A teacher that is trained, and before it the stages that it needs.
    private static func made(_ teacher: TeacherStage?) -> [Stage] {
        guard let stage = teacher?.trained.map({ Stage.teacher($0) }) else { return [] }
        return stage.needs + [stage]
    }

    /// The stages without repetitions.
    private static func each(_ works: [Stage]) -> [Stage] {
        works.enumerated().filter { !works[..<$0.offset].contains($0.element) }.map(\.element)
    }

    /// The name in messages: "teacher 1a2b3c", "objective=combined,seed=0".
    public var title: String {
        switch self {
        case .run(let stage): stage.run.point
        case .training(let stage): stage.title
        case .teacher, .classifier, .reference: "\(kind) \(identity.short.prefix(6))"
        }
    }

    /// The number of steps in its progress.
    public var steps: Int {
        switch self {
        case .teacher(let stage): stage.optimization.steps
        case .classifier(let stage): stage.training.optimization.steps
        case .reference: 2
        // A student in a file is read in one.
        case .training(let stage): max(1, stage.training.student.optimization.steps)
        case .run(let stage): stage.student.snapshots.count
        }
    }

    /// The number of threads of its training.
    public var threads: Int {
        switch self {
        case .teacher(let stage): stage.optimization.execution.threads
        case .classifier(let stage): stage.training.optimization.execution.threads
        case .reference: 1
        case .training(let stage): stage.training.student.optimization.execution.threads
        case .run: 1
        }
    }

    /// The kind of the stage, in a word.
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
