import FlowMaps

/// Which scores a study's table shows.
public enum ScoreChoice: Hashable, Sendable {
    /// What fits a terminal: all if they are few, else one for each thing that may go wrong.
    case few
    case all
    /// Those of these names that are there, in this order.
    case named([String])

    /// Up to as many scores are few.
    private static let fewest = 6
    /// Distance of the distribution, of the samples as they are, of pairs; classes; what is missing; what the data differ in.
    private static let telling =
        [
            Metric.frechetDistance, .slicedWasserstein, .pairedError, .classAccuracy, .recall, .coveredModes,
        ].map(\.rawValue) + [ScoreName.dataDiscrepancy, ScoreName.transfer]

    /// What a study's table shows: the columns that it asks for, or the few that tell most.
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
