import FlowMaps
import Specification

/// The training of a student, by all that decides its weights: another metric, sampler of its teacher or number of samples is none of
/// it.
package struct TrainingStage: Codable, Hashable, Sendable {
    package let data: DatasetSource
    package let teacher: TeacherSource
    /// Where the training is guided by it.
    package let weakTeacher: TeacherSource?
    package let student: Distillation
    package let seed: Int
    /// Of the teachers.
    package let sharedSeed: Int

    /// Raised whenever the same specification would give other weights.
    package static let version = 1

    init(_ specification: RunSpecification) {
        (data, teacher, student) = (specification.data, specification.teacher, specification.student)
        weakTeacher = specification.isTrainingWeaklyGuided ? specification.weakTeacher : nil
        (seed, sharedSeed) = (specification.seed, specification.sharedSeed)
    }

    package var identity: Identity {
        .of(stage: "training", Self.version, self, on: data, from: TeacherStage.stages([teacher, weakTeacher]))
    }

    /// The teacher that the student is taught by, and begins as.
    package var teacherStage: TeacherStage { TeacherStage(data: data, training: teacher, seed: sharedSeed) }

    /// The teacher that guidance leads away from during the training.
    package var weakTeacherStage: TeacherStage? {
        weakTeacher.map { TeacherStage(data: data, training: $0, seed: sharedSeed) }
    }
}
