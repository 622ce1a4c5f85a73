import FlowMaps
import Specification

/// The scores of an evaluation: what they are taken on and against.
extension Evaluation {
    /// A metric is taken against the data or moments in a file, so that samples have the shares of its classes.
    package var comparesWithData: Bool { (metrics ?? []).contains { $0.reference != .teacher } }

    /// The drift is among the metrics that are listed; nil where none are.
    var measuresDrift: Bool? { metrics.map { $0.contains { $0.metric == .drift } } }

    /// The features are a classifier's.
    var hasClassifier: Bool { if case .classifier = features { true } else { false } }

    /// The program that answers the features; nil where there is none.
    package var featureProgram: PlugIn? { if case .plugIn(let program) = features { program } else { nil } }

    /// The programs that the evaluation runs.
    package var plugIns: [PlugIn] {
        [featureProgram].compactMap { $0 }
            + (metrics ?? []).compactMap { if case .plugIn(let program) = $0 { program } else { nil } }
            + [search?.verifier.program].compactMap { $0 }
    }

    /// Its content is in files that must be read before its identity is known.
    var hasFiles: Bool {
        featureProgram != nil || search?.verifier.program != nil || (metrics ?? []).contains(where: \.hasFiles)
    }

    /// The same with the content of its files.
    /// - Throws: `InputError`, and `Violation` for a file of another form or content.
    func resolved() throws -> Evaluation {
        var features = features
        if case .plugIn(let program) = features {
            do { features = .plugIn(try program.resolved()) } catch let violation as Violation {
                throw violation.under("evaluation.features")
            }
        }
        return Evaluation(
            samples: samples, classes: classes, measurements: measurements, teacher: teacher, features: features,
            metrics: try metrics?.map { try $0.resolved() }, projections: projections, savedSamples: savedSamples,
            sampleSnapshots: sampleSnapshots, trajectories: trajectories, guidanceScale: guidanceScale, steps: steps,
            search: try search?.resolved(), device: device)
    }

    /// Checks that each score has a name of its own, and that programs are asked for what they can answer.
    func validateScores() throws(Violation) {
        if let featureProgram {
            let isPlain = featureProgram.scores == nil && featureProgram.reference == nil
            try require(
                isPlain, "features", found: "a program with scores or a reference",
                allowed: "command, files, version, timeout and formats, as it answers features")
        }
        guard let metrics else { return }
        try nonEmpty(metrics, "metrics")
        var names: Set<String> = []
        for entry in metrics {
            if case .plugIn(let program) = entry {
                try require(
                    program.scores != nil, "metrics", found: "the program '\(program.title)' without scores",
                    allowed: "scores, the names of the numbers that it answers")
            }
            for name in entry.scoreNames {
                try require(
                    names.insert(name).inserted, "metrics", found: "\(name) again", allowed: "each metric once")
            }
        }
    }
}

extension RunSpecification {
    /// Checks that moments in a file are of as many features as samples have, where that is known.
    func checkStatistics(_ reference: MetricReference) throws(Violation) {
        guard case .statistics(let file) = reference, let found = file.dimension else { return }
        let width: Int? =
            switch evaluation.features {
            case .coordinates: data.dimension
            case .classifier(let training): training.features
            case .plugIn: nil
            }
        guard let width else { return }
        try require(
            found == width, "evaluation.metrics", found: "\(file.file): moments of \(found) features",
            allowed: "of \(width), as many as samples are compared by")
    }
}

extension Evaluation.Features: Codable {
    /// The spaces that need no program, with their keys in a specification.
    private enum Own: Codable {
        case coordinates
        case classifier(Classifier.Training)

        enum CodingKeys: String, CodingKey, CaseIterable { case coordinates, classifier }
    }

    /// Decodes a program where there is a `command`, else one of the other spaces.
    public init(from decoder: any Decoder) throws {
        if decoder.hasKey(PlugIn.CodingKeys.command.rawValue) {
            self = .plugIn(try decoder.singleValueContainer().decode(PlugIn.self))
            return
        }
        switch try decoder.singleValueContainer().decode(Own.self) {
        case .coordinates: self = .coordinates
        case .classifier(let training): self = .classifier(training)
        }
    }

    /// Encodes the space in the form that a study writes.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .coordinates: try container.encode(Own.coordinates)
        case .classifier(let training): try container.encode(Own.classifier(training))
        case .plugIn(let program): try container.encode(program)
        }
    }
}

extension Stage {
    /// The programs of the user's that the stage runs.
    package var plugIns: [PlugIn] {
        switch self {
        case .teacher, .classifier, .training: []
        case .reference(let stage):
            [stage.featureProgram].compactMap { $0 }
                + stage.evaluatedMetrics.compactMap { if case .plugIn(let program) = $0 { program } else { nil } }
        case .run(let stage): stage.run.specification.evaluation.plugIns
        }
    }
}
