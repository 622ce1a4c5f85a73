import Engine

/// Where a study's data come from, as its spec says it.
///
///     dataset: {digits: {}}
///     dataset: {planar: {set: rings, count: 10000}}
public enum DatasetSource: Codable, Hashable, Sendable, Validated {
    /// The bundled handwritten digits, `Dataset.digits()`.
    case digits
    /// `count` samples of a two-dimensional set; the same samples in every run.
    case planar(set: PlanarSet, count: Int)

    /// The cases' names in a spec.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case digits, planar
    }

    /// The names of what a planar set is given by.
    public enum PlanarCodingKeys: String, CodingKey, CaseIterable {
        case set, count
    }

    public func validate() throws(Violation) {
        if case .planar(_, let count) = self { try require(count, "planar.count", in: 1...) }
    }

    /// Loads or draws the set. Planar sets come without their components as classes: their samples are learned as one law.
    ///
    /// - Throws: the errors of `Dataset.digits()`.
    public func load() throws -> Dataset {
        switch self {
        case .digits: try .digits()
        case .planar(let set, let count):
            set.dataset(count: count, key: RandomKey(seed: 0).folding("data set").folding(set.rawValue)).unlabelled
        }
    }
}
