import FlowMaps
import Specification

/// The evaluation of a trained student, by all that decides its scores.
package struct EvaluationStage: Hashable, Sendable {
    let training: TrainingStage
    let evaluation: Evaluation
    /// The weak teacher, where the teacher's sampling is guided by it.
    let weakTeacher: TeacherSource?
    /// The relative width of the student's average, where it is chosen from those stored.
    let sigmaRel: Double?

    /// Raised whenever the same student would get other scores.
    package static let version = 1

    init(_ specification: RunSpecification) {
        (training, evaluation) = (TrainingStage(specification), specification.evaluation)
        sigmaRel = specification.student.optimization.ema.stored?.sigmaRel
        weakTeacher = specification.evaluation.isWeaklyGuided ? specification.weakTeacher : nil
    }

    package var identity: Identity {
        .of(
            stage: "evaluation", Self.version,
            Content(training: training.identity, evaluation: evaluation, weakTeacher: weakTeacher, sigmaRel: sigmaRel),
            on: training.data,
            from: TeacherStage.stages([weakTeacher])
                + (evaluation.hasClassifier ? [("classifier", ClassifierStage.version)] : [])
                + [("reference", ReferenceStage.version)])
    }

    /// Data, teacher and their seed are what the training has them as.
    private struct Content: Codable {
        let training: Identity
        let evaluation: Evaluation
        let weakTeacher: TeacherSource?
        let sigmaRel: Double?
    }
}
