import Engine

/// Where a study's data come from, as its spec says it.
///
///     dataset: {digits: {}}
///     dataset: {planar: {set: rings, count: 10000}}
public enum DatasetSource: Codable, Hashable, Sendable {
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

    /// Loads or draws the set.
    ///
    /// - Throws: `DatasetSourceError` for a count below one, and the errors of `Dataset.digits()`.
    public func load() throws -> Dataset {
        switch self {
        case .digits:
            return try .digits()
        case .planar(let set, let count):
            guard count >= 1 else { throw DatasetSourceError.count(count, set: set) }
            return set.dataset(count: count, key: RandomKey(seed: 0).folding("data set").folding(set.rawValue))
        }
    }
}

/// Why a source gives no data set.
public enum DatasetSourceError: Error, Equatable, CustomStringConvertible {
    /// A planar set of fewer than one sample.
    case count(Int, set: PlanarSet)

    public var description: String {
        switch self {
        case .count(let count, let set):
            "planar.count: \(count) samples of \(set.rawValue); a count of at least 1 is allowed"
        }
    }
}
