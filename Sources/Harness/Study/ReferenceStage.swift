import FlowMaps
import Specification

/// Samples of the teacher that students are compared with, and how the teacher itself scores.
public struct ReferenceStage: Codable, Hashable, Sendable {
    /// The teacher.
    public let teacher: TeacherStage
    /// The weak teacher, where the sampling is guided by it.
    public let weakTeacher: TeacherStage?
    /// The classifier whose features are used; nil for the samples themselves.
    public let classifier: ClassifierStage?
    /// The number of samples.
    public let samples: Int
    /// How their classes are chosen; nil is evenly.
    public let classes: EvaluationClasses?
    /// The number of projections of the sliced Wasserstein distance.
    public let projections: Int
    /// The metrics; nil is all that the data and the features allow.
    public let metrics: [EvaluationMetric]?
    /// The program that answers the features; nil where they are a classifier's or the samples themselves.
    public let featureProgram: PlugIn?
    /// The sampling of the teacher.
    public let sampling: Evaluation.TeacherSampling
    /// The seed.
    public let seed: Int
    /// The device that the study names for it; nil leaves it to whoever runs the study.
    public let device: Device?

    /// Raised whenever the same specification would give other samples or scores.
    static let version = 3
    /// The identity of the stage.
    public var identity: Identity {
        KnownIdentities.identity(of: .reference(self)) {
            .of(stage: "reference", Self.version, self, on: teacher.data, from: stages)
        }
    }

    /// The stages that it is made from; computed for each run of a sweep, so without creating the stages themselves.
    fileprivate var stages: [(kind: String, version: Int)] {
        (teacher.trained != nil || weakTeacher?.trained != nil ? [("teacher", TeacherStage.version)] : [])
            + (classifier == nil ? [] : [("classifier", ClassifierStage.version)])
    }

    /// The metrics that samples are scored by.
    package var evaluatedMetrics: [EvaluationMetric] {
        metrics
            ?? Metric.applicable(to: teacher.data, classifier: classifier != nil, sampler: sampling.sampler)
            .map { .measured(MeasuredMetric($0)) }
    }

    /// Samples have the shares of the data's classes, since a metric compares them with the data or with moments in a file.
    package var comparesWithData: Bool { evaluatedMetrics.contains { $0.reference != .teacher } }
}
