import FlowMaps
import Specification

/// The evaluation of a trained student, by all that decides its scores.
package struct EvaluationStage: Hashable, Sendable {
    let training: TrainingStage
    let evaluation: Evaluation
    /// Where the teacher that is compared with is guided by it.
    let weakTeacher: TeacherSource?

    /// Raised whenever the same student would get other scores.
    package static let version = 1

    init(_ specification: RunSpecification) {
        (training, evaluation) = (TrainingStage(specification), specification.evaluation)
        weakTeacher = specification.evaluation.isWeaklyGuided ? specification.weakTeacher : nil
    }

    package var identity: Identity {
        .of(
            stage: "evaluation", Self.version,
            Content(training: training.identity, evaluation: evaluation, weakTeacher: weakTeacher), on: training.data,
            from: TeacherStage.stages([weakTeacher])
                + (evaluation.hasClassifier ? [("classifier", ClassifierStage.version)] : [])
                + [("reference", ReferenceStage.version)])
    }

    /// Data, teacher and their seed are what the training has them as.
    private struct Content: Codable {
        let training: Identity
        let evaluation: Evaluation
        let weakTeacher: TeacherSource?
    }
}
