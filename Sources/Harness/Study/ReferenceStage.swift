import FlowMaps
import Specification

/// Samples of the teacher that students are compared with, and how the teacher itself scores.
public struct ReferenceStage: Codable, Hashable, Sendable {
    public let teacher: TeacherStage
    /// Where the sampling is guided by it.
    public let weakTeacher: TeacherStage?
    public let classifier: ClassifierStage?
    public let samples: Int
    public let projections: Int
    /// Absent is all that the data and the features allow.
    public let metrics: [MeasuredMetric]?
    public let sampling: Evaluation.TeacherSampling
    public let seed: Int

    /// Raised whenever the same specification would give other samples or scores.
    static let version = 3
    public var identity: Identity {
        .of(stage: "reference", Self.version, self, on: teacher.data, from: stages)
    }

    /// The stages it is made from; asked of each run of a sweep, so none of the work itself is put together.
    fileprivate var stages: [(kind: String, version: Int)] {
        (teacher.trained != nil || weakTeacher?.trained != nil ? [("teacher", TeacherStage.version)] : [])
            + (classifier == nil ? [] : [("classifier", ClassifierStage.version)])
    }

    /// What samples are judged by.
    package var evaluatedMetrics: [MeasuredMetric] {
        metrics
            ?? Metric.applicable(to: teacher.data, classifier: classifier != nil, sampler: sampling.sampler)
            .map { MeasuredMetric($0) }
    }

    /// Whether samples have the shares of the data's classes, since a metric compares them with the data.
    package var comparesWithData: Bool { evaluatedMetrics.contains { $0.reference == .data } }
}
