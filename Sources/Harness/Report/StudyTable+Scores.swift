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
    /// Distance of the law, of the samples as they are, of pairs; classes; what is missing; what the data differ in.
    private static let telling =
        [
            Metric.frechetDistance, .slicedWasserstein, .pairedError, .classAccuracy, .recall, .coveredModes,
        ].map(\.rawValue) + [Judge.discrepancyName]

    /// The scores to show of those that were measured, in their order.
    func chosen(of names: [String]) -> [String] {
        switch self {
        case .all: return names
        case .named(let wanted): return wanted.filter(names.contains)
        case .few:
            guard names.count > Self.fewest else { return names }
            let few = names.filter(Self.telling.contains)
            return few.isEmpty ? Array(names.prefix(Self.fewest)) : few
        }
    }
}

extension StudyTable {
    /// Whether more was measured than the few scores that a table shows.
    static func hasMore(_ records: [Record]) -> Bool {
        let names = scoreNames(of: records)
        return ScoreChoice.few.chosen(of: names).count < names.count
    }

    /// The names of the classifiers whose features any score was taken on; nil where there is none.
    static func origin(of records: [Record]) -> String? {
        let names = classifiers(of: records).map { FeatureSource.classifier($0.identity, heldOutAccuracy: 0).name }
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }

    /// What stands under the table: the classifiers, and what else was measured.
    static func notes(on records: [Record], shown: [String], measured: [String]) -> [String] {
        var notes: [String] = []
        let onFeatures = shown.filter { Metric(rawValue: $0)?.readsFeatures == true }.map(title)
        if !onFeatures.isEmpty {
            for (identity, accuracy) in classifiers(of: records) {
                notes.append(
                    "On features of classifier \(identity.short), held-out accuracy \(Figure.text(accuracy)): "
                        + onFeatures.joined(separator: ", ") + ".")
            }
        }
        let hidden = measured.filter { !shown.contains($0) }.map(title)
        if !hidden.isEmpty { notes.append("With --all: \(hidden.joined(separator: ", ")).") }
        return notes
    }

    private static func classifiers(of records: [Record]) -> [(identity: Identity, accuracy: Double)] {
        var found: [(identity: Identity, accuracy: Double)] = []
        for record in records {
            guard case .classifier(let identity, let accuracy) = record.features else { continue }
            if !found.contains(where: { $0.identity == identity }) { found.append((identity, accuracy)) }
        }
        return found
    }
}
