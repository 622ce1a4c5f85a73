import FlowMaps
import Specification

/// A classifier to be trained, whose features samples are compared by.
public struct ClassifierStage: Codable, Hashable, Sendable {
    public let data: DatasetSource
    public let training: Classifier.Training
    public let seed: Int

    /// Raised whenever the same specification would give other weights.
    static let version = 2
    public var identity: Identity { .of(stage: "classifier", Self.version, self, on: data) }
}
