/// A score of a set of samples: one number, except for the drift, which is a curve.
///
/// A metric is a value in the file of what computes it, and listed in `listed`. One "on features" reads a classifier's
/// features where the study trains a classifier, else the samples themselves.
public struct Metric: RawRepresentable, Sendable {
    /// What samples are compared with.
    public enum Comparison: Sendable {
        /// Nothing: the samples alone are scored, or with the classes that were asked for.
        case none
        /// The teacher's samples one by one, from the same noise.
        case pairs
        /// Another set of samples: the teacher's, or the data.
        case sets
        /// Another set of samples, of which the mean and the covariance are enough.
        case moments
        /// The rows that a model was trained on, and so the data alone.
        case trainingRows
    }

    /// What the samples are read as.
    public enum Reading: Sendable { case samples, features }

    /// What a study must have for the metric to have a meaning.
    public enum Need: Sendable {
        /// A classifier, whose logits are read.
        case classifier
        /// Data in the plane.
        case plane
        /// Data that are a mixture of Gaussians, whose modes are known.
        case modes
    }

    /// The name in studies, records and tables.
    public let rawValue: String
    /// What samples are compared with.
    public let comparison: Comparison
    /// The metric depends on the extractor of features.
    public let readsFeatures: Bool
    /// What a study must have; nil is nothing.
    public let need: Need?
    /// The value is a distance "to" a set, not a score "against" it.
    public let isDistance: Bool
    /// What computes the value; nil for a curve.
    public let scoring: Scoring?
    /// The place of the value among those of `scoring`.
    private let place: Int

    /// A metric that is the value at a place among those of a computation.
    public init(
        _ name: String, comparing comparison: Comparison, on reading: Reading, needs need: Need? = nil,
        isDistance: Bool = false, by scoring: Scoring?, place: Int = 0
    ) {
        (rawValue, self.comparison, readsFeatures) = (name, comparison, reading == .features)
        (self.need, self.isDistance, self.scoring, self.place) = (need, isDistance, scoring, place)
    }

    /// The metric of a name; nil where none of that name is listed.
    public init?(rawValue: String) {
        guard let metric = Self.listed.first(where: { $0.rawValue == rawValue }) else { return nil }
        self = metric
    }

    /// The metrics that a study can name, in the order of their columns; a program that has more says so here.
    @TaskLocal public static var listed: [Metric] = [
        .frechetDistance, .slicedWasserstein, .pairedError, .classAccuracy, .classifierScore, .kernelDistance,
        .precision, .recall, .density, .coverage, .varianceRatio, .energyDistance, .meanDiscrepancy, .coveredModes,
        .highQualityShare, .modeVariation, .memorisation, .drift,
    ]

    /// The value among those that the computation gave.
    public func value(of results: [Double]) -> Double { results[place] }

    /// The metric compares a student's samples with the teacher's one by one, from the same noise.
    public var comparesPairs: Bool { comparison == .pairs }

    /// The metric compares two sets of samples, so that it may be taken against the data too.
    public var comparesSets: Bool { [.sets, .moments, .trainingRows].contains(comparison) }
}

/// Metrics are known by their names.
extension Metric: Hashable, Codable, CaseIterable {
    /// The metrics that a study can name.
    public static var allCases: [Metric] { listed }

    /// Metrics of one name are the same.
    public static func == (first: Metric, second: Metric) -> Bool { first.rawValue == second.rawValue }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(rawValue) }
}
