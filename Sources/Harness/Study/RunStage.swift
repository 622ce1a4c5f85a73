import FlowMaps
import Specification

/// The evaluation of one run's student, which leaves the run's record. Its training is a stage of its own, `StudentStage`.
public struct RunStage: Codable, Hashable, Sendable {
    /// The run.
    public let run: Run

    package init(run: Run) { self.run = run }

    /// Names of study, point and axes are no part of it, nor is the layout of the record.
    public var identity: Identity { evaluation.identity }

    /// The training of the student.
    package var training: TrainingStage { TrainingStage(run.specification) }

    /// The training of the student as a stage, with the weights that this evaluation needs.
    package var student: StudentStage {
        let specification = run.specification
        return StudentStage(
            training: training,
            snapshots: specification.evaluation.measuredSteps(of: specification.student.optimization.steps),
            title: "training of \(run.point)")
    }

    /// The evaluation of the student.
    package var evaluation: EvaluationStage { EvaluationStage(run.specification) }

    package var teacher: TeacherStage { stage(for: run.specification.teacher) }
    package var weakTeacher: TeacherStage? { run.specification.weakTeacher.map(stage) }

    private func stage(for teacher: TeacherSource) -> TeacherStage {
        TeacherStage(data: run.specification.data, training: teacher, seed: run.specification.sharedSeed)
    }

    package var reference: ReferenceStage {
        let specification = run.specification, evaluation = specification.evaluation
        let classifier: ClassifierStage? =
            if case .classifier(let training) = evaluation.features {
                ClassifierStage(data: specification.data, training: training, seed: specification.sharedSeed)
            } else {
                nil
            }
        return ReferenceStage(
            teacher: teacher, weakTeacher: evaluation.isWeaklyGuided ? weakTeacher : nil, classifier: classifier,
            samples: evaluation.samples, classes: evaluation.classes, projections: evaluation.projections,
            metrics: evaluation.metrics,
            featureProgram: evaluation.featureProgram, sampling: evaluation.teacher, seed: specification.sharedSeed,
            device: evaluation.device)
    }
}
