import FlowMaps
import Results
import Specification
import Study

extension StudyTable {
    /// More scores were measured than the few that a table shows.
    static func hasMore(_ records: [Record]) -> Bool {
        let names = scoreNames(of: records)
        return ScoreChoice.few.chosen(of: names).count < names.count
    }

    /// The names of the classifiers whose features any score was taken on; nil where there is none.
    static func origin(of records: [Record]) -> String? {
        let names = classifiers(of: records).map { FeatureSource.classifier($0.identity, heldOutAccuracy: 0).name }
        return names.isEmpty ? nil : names.joined(separator: ", ")
    }

    /// The notes under the table: the classifiers, and the scores that are not shown.
    static func notes(on records: [Record], shown: [String], measured: [String]) -> [String] {
        var notes: [String] = []
        let onFeatures = shown.filter { Metric(score: $0)?.readsFeatures == true }.map(title)
        if shown.contains(where: { ScoreName($0).steps > 1 }) { notes += stepNotes(on: records) }
        if !onFeatures.isEmpty {
            for (identity, accuracy) in classifiers(of: records) {
                notes.append(
                    "On features of classifier \(identity.short), held-out accuracy \(NumberFormat.text(accuracy)): "
                        + onFeatures.joined(separator: ", ") + ".")
            }
        }
        if !shown.isEmpty { notes.append("Scores of \(sampleCounts(of: records)) samples each.") }
        let hidden = measured.filter { !shown.contains($0) }
        let single = hidden.filter { ScoreName($0).steps == 1 }.map(title)
        let more = single + (single.count < hidden.count ? ["other scores in several steps"] : [])
        if !more.isEmpty { notes.append("With --all: \(more.joined(separator: ", ")).") }
        return notes
    }

    /// "4000", or "500 or 4000" where runs differ.
    static func sampleCounts(of records: [Record]) -> String {
        Set(records.map(\.run.specification.evaluation.samples)).sorted().map(String.init).joined(separator: " or ")
    }

    /// The meaning of a score in several steps, and the students that have none.
    private static func stepNotes(on records: [Record]) -> [String] {
        let alone = records.filter {
            $0.run.specification.student.method.isOneStepOnly && $0.run.specification.evaluation.steps != nil
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
