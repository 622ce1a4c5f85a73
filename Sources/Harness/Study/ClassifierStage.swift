import FlowMaps
import Specification

/// A classifier to be trained, whose features samples are compared by.
public struct ClassifierStage: Codable, Hashable, Sendable {
    /// The data.
    public let data: DatasetSource
    /// The specification of the classifier.
    public let training: Classifier.Training
    /// The seed.
    public let seed: Int

    /// Raised whenever the same specification would give other weights.
    static let version = 2
    /// The identity of the stage.
    public var identity: Identity {
        KnownIdentities.identity(of: .classifier(self)) { .of(stage: "classifier", Self.version, self, on: data) }
    }
}
