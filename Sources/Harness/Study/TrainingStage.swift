import FlowMaps
import Specification

/// The training of a student, by everything that decides its weights: metrics, the teacher's sampler and the number
/// of samples are not part of it.
package struct TrainingStage: Codable, Hashable, Sendable {
    let data: DatasetSource
    let teacher: TeacherSource
    /// The weak teacher, where the training is guided by it.
    let weakTeacher: TeacherSource?
    let student: Distillation
    let seed: Int
    /// The seed of the teachers.
    let sharedSeed: Int

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
}
