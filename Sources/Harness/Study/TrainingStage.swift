import FlowMaps
import Specification

/// The training of a student, by everything that decides its weights: metrics, the teacher's sampler and the number
/// of samples are not part of it.
package struct TrainingStage: Codable, Hashable, Sendable {
    /// The data set of the teacher.
    package let data: DatasetSource
    /// The data set that states are taken from, where it is another one.
    private let studentData: DatasetSource?
    package let teacher: TeacherSource
    /// The weak teacher, where the training is guided by it.
    package let weakTeacher: TeacherSource?
    package let source: StudentSource
    package private(set) var seed: Int
    /// The seed of the teachers.
    package let sharedSeed: Int

    /// Raised whenever the same specification would give other weights.
    package static let version = 2

    private enum CodingKeys: String, CodingKey {
        case data, studentData, teacher, weakTeacher, seed, sharedSeed
        case source = "student"
    }

    /// The settings of the training; of a student in a file those of no steps.
    package var student: Distillation { source.distillation }

    /// The data set that states are taken from.
    package var seenData: DatasetSource { studentData ?? data }

    /// States are taken from data other than the teacher's.
    package var seesOwnData: Bool { studentData != nil }

    /// States are taken from the teacher's data.
    package var seesItsTeachersData: Bool { !seesOwnData && !student.method.isDataFree }

    /// The network of the student.
    package var network: NetworkShape { source.knownNetwork ?? teacher.network }

    init(_ specification: RunSpecification) {
        // The requested one of the stored averages is chosen by the evaluation.
        source = specification.studentSource.withoutChoice
        (data, studentData, teacher) = (specification.data, specification.studentData, specification.teacher)
        weakTeacher = specification.isTrainingWeaklyGuided ? specification.weakTeacher : nil
        (seed, sharedSeed) = (specification.seed, specification.sharedSeed)
    }

    package var identity: Identity {
        // Titles and snapshots are no part of a training.
        KnownIdentities.identity(of: .training(StudentStage(training: self, snapshots: [], title: ""))) {
            .of(stage: "training", Self.version, self, on: data, from: TeacherStage.stages([teacher, weakTeacher]))
        }
    }

    /// The same training for all seeds.
    var withoutSeed: TrainingStage {
        var copy = self
        copy.seed = 0
        return copy
    }

    /// The teacher that the student is taught by, and begins as.
    package var teacherStage: TeacherStage { TeacherStage(data: data, training: teacher, seed: sharedSeed) }

    /// The teacher that guidance leads away from during the training.
    package var weakTeacherStage: TeacherStage? {
        weakTeacher.map { TeacherStage(data: data, training: $0, seed: sharedSeed) }
    }
}
