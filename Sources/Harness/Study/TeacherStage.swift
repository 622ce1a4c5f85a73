import FlowMaps
import Specification

/// A teacher to be trained.
public struct TeacherStage: Codable, Hashable, Sendable {
    /// The data.
    public let data: DatasetSource
    /// The source of the teacher.
    public let training: TeacherSource
    /// The seed.
    public let seed: Int

    /// Raised whenever the same specification would give other weights.
    static let version = 2
    /// The identity of the stage.
    public var identity: Identity {
        KnownIdentities.identity(of: .teacher(self)) {
            .of(
                stage: "teacher", Self.version, self, on: data,
                from: classifier == nil ? [] : [("classifier", ClassifierStage.version)])
        }
    }

    /// The stages that teachers are made by, where any of these is trained, or aligned with a classifier's features.
    static func stages(_ teachers: [TeacherSource?]) -> [(kind: String, version: Int)] {
        let trainings = teachers.compactMap { $0?.training }
        return (trainings.isEmpty ? [] : [("teacher", version)])
            + (trainings.contains { $0.representation != nil } ? [("classifier", ClassifierStage.version)] : [])
    }

    /// The training to be done, of a teacher or of the network that students of an exact one begin as: the same for
    /// both. Nil where there is none, as for a teacher in a file. The requested one of the stored averages is not
    /// part of it.
    package var trained: TeacherStage? {
        training.training.map { TeacherStage(data: data, training: .trained($0.withoutChoice), seed: seed) }
    }

    /// The distribution whose exact velocity is the teacher; nil of a network's.
    package var distribution: GaussianMixture? { training.isExact ? data.distribution : nil }

    /// The classifier with whose features a hidden layer is aligned.
    package var classifier: ClassifierStage? {
        training.training?.representation.map { ClassifierStage(data: data, training: $0.classifier, seed: seed) }
    }

    /// The optimization of a teacher that is trained.
    package var optimization: Optimization {
        guard let training = training.training else { preconditionFailure("a teacher in a file is not trained") }
        return training.optimization
    }
}
