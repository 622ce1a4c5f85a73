import FlowMaps

/// What a study keeps of its trainings once its runs are evaluated. It decides nothing of a run.
public struct Keeping: Codable, Hashable, Sendable {
    /// The weights that stay in the cache.
    public let weights: Weights

    /// The choices of weights.
    public enum Weights: String, Codable, Hashable, Sendable, CaseIterable {
        /// Those at every measured step: any other evaluation finds them.
        case measured
        /// Those at the end of the training alone: an evaluation with measurements before the end trains again.
        case final
    }
}
