import TestSupport

@testable import Results
@testable import Specification
@testable import Study

/// Records made by hand.
enum SampleRecord {
    /// A record of the first run of the tiny study, under another arm and seed.
    static func make(
        _ coordinates: [SweepPoint.Coordinate], position: Int = 0, settings: [String] = [],
        outcome: Record.Outcome = .done, scores: [(String, Double)] = [("frechetDistance", 0.5)],
        floor: Double = 0.125, seconds: Double = 2, samples: SavedSamples? = nil,
        features: FeatureSource? = nil, drift: Drift? = nil, yaml: String = TinyStudy.planar
    ) throws -> Record {
        let specification = try Study(yaml: yaml, file: "study.yaml", settings: settings).runs[0].specification
        let name = coordinates.isEmpty ? "base" : coordinates.map { "\($0.axis)=\($0.label)" }.joined(separator: ",")
        let run = Run(
            study: "tiny", point: name, coordinates: coordinates, position: position, specification: specification)
        var training = Curves(names: ["loss", "gradientNorm"])
        training.append(step: 1, [2, 0.1])
        training.append(step: 2, [1, 0.3])
        var evaluation = Curves(names: outcome == .done ? scores.map(\.0) : [])
        if outcome == .done { evaluation.append(step: 20, scores.map(\.1)) }
        let teachers = scores.filter { ScoreName($0.0).steps == 1 }
        return Record(
            run: run, identity: RunStage(run: run).identity, outcome: outcome, training: training,
            evaluation: evaluation,
            reference: ReferenceScores(
                floor: Scores(teachers.map { ($0.0, floor) }), floorEvaluations: 7,
                ceiling: Scores(teachers.map { ($0.0, 1.5) }), ceilingEvaluations: 1),
            features: features, drift: drift, samples: samples,
            provenance: Provenance(
                facts: [.init(name: "host", value: "Rechner"), .init(name: "threads", value: "1")],
                trainingSeconds: seconds, wallSeconds: 3, processorSeconds: 2.5, peakMemory: 40))
    }

    static func coordinate(_ axis: String, _ label: String) -> SweepPoint.Coordinate {
        SweepPoint.Coordinate(axis: axis, label: label, number: Double(label))
    }

    /// Everything of a record as text, in which NaN equals itself and every number has all of its digits.
    static func text(_ record: Record) -> [String] {
        [
            "\(record.run)", record.identity.hex, "\(record.outcome)", "\(record.training)", "\(record.evaluation)",
            "\(record.reference)", "\(String(describing: record.features))", "\(String(describing: record.drift))",
            "\(String(describing: record.samples))", "\(record.provenance)",
        ]
    }
}
