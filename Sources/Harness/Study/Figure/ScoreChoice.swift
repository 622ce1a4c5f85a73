import FlowMaps

/// The scores that a study's table shows.
public enum ScoreChoice: Hashable, Sendable {
    /// Scores that fit a terminal: all if they are few, else one for each kind of defect.
    case few
    case all
    /// The scores of these names that were measured, in this order.
    case named([String])

    /// Up to as many scores are few.
    private static let fewest = 6
    /// The scores of `few`, one per kind of defect: the distribution, the samples themselves, pairs; classes; missing
    /// modes; the discrepancy of the data.
    private static let telling =
        [
            Metric.frechetDistance, .slicedWasserstein, .pairedError, .classAccuracy, .recall, .coveredModes,
        ].map(\.rawValue) + [ScoreName.dataDiscrepancy, ScoreName.transfer]

    /// The columns that a study names, or `few`.
    public init(columns: [String]?) { self = columns.map(ScoreChoice.named) ?? .few }

    /// The scores to show of those that were measured, in their order.
    package func chosen(of names: [String]) -> [String] {
        switch self {
        case .all: return names
        case .named(let wanted): return wanted.filter(names.contains)
        case .few:
            guard names.count > Self.fewest else { return names }
            let single = names.filter { ScoreName($0).steps == 1 }, telling = names.filter(Self.telling.contains)
            let few =
                single.count <= Self.fewest ? single : telling.isEmpty ? Array(single.prefix(Self.fewest)) : telling
            // The first of them in every number of steps.
            guard let first = few.first else { return few }
            return names.filter { ScoreName($0).metric == first } + few.dropFirst()
        }
    }
}
