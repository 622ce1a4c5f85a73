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
        ].map(\.rawValue) + [Judge.discrepancyName, SearchCurves.transferName]

    /// The scores to show of those that were measured, in their order.
    func chosen(of names: [String]) -> [String] {
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
        if shown.contains(where: { ScoreName($0).steps > 1 }) { notes += stepNotes(on: records) }
        if !onFeatures.isEmpty {
            for (identity, accuracy) in classifiers(of: records) {
                notes.append(
                    "On features of classifier \(identity.short), held-out accuracy \(Figure.text(accuracy)): "
                        + onFeatures.joined(separator: ", ") + ".")
            }
        }
        let hidden = measured.filter { !shown.contains($0) }
        let single = hidden.filter { ScoreName($0).steps == 1 }.map(title)
        let more = single + (single.count < hidden.count ? ["other scores in several steps"] : [])
        if !more.isEmpty { notes.append("With --all: \(more.joined(separator: ", ")).") }
        return notes
    }

    /// What a score in several steps is, and which students have none.
    private static func stepNotes(on records: [Record]) -> [String] {
        let alone = records.filter {
            $0.run.specification.student.method.setsOutFromNoiseAlone && $0.run.specification.evaluation.steps != nil
        }
        let names = arms(of: alone, along: axes(of: records)).map {
            $0.labels.compactMap(\.self).joined(separator: " ")
        }
        let isGuided = records.contains { $0.run.specification.student.evaluations(steps: 2) > 2 }
        let what =
            "@n: samples made in n steps of the student, n evaluations"
            + (isGuided ? "; up to twice as many where it guides itself." : ".")
        guard !alone.isEmpty else { return [what] }
        let list = names.contains("") ? "" : ": \(names.joined(separator: ", "))"
        return [what, "In one step alone, as the student learns to set out from t = 1 alone\(list)."]
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
