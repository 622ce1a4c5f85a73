import Tensors
import FlowMaps
import Results
import Study

/// Scores samples that were made from the evaluation noise.
struct Evaluator {
    private let metrics: [EvaluationMetric]
    private let extractor: FeatureExtractor
    private let dimension: Int
    private let labels: [Int]?
    private let prepared: PreparedMetrics
    private let sets: ReferenceSets
    private let host: PlugInHost
    /// Called before each metric with its name: long ones show that they are at work.
    private let report: (String) throws -> Void
    /// The backend on which samples of the data are drawn.
    let backend: any Backend

    /// - Parameters:
    ///   - sets: what samples are measured against.
    ///   - teacher: samples of the teacher from the evaluation noise.
    ///   - host: runs the stage's programs.
    ///   - report: called before each metric with its name.
    /// - Throws: `RecordError` where a file of moments has changed.
    init(
        _ stage: ReferenceStage, sets: ReferenceSets, teacher: [Float], noise: EvaluationNoise,
        extractor: FeatureExtractor, host: PlugInHost, classes: Int, on backend: any Backend,
        report: @escaping (String) throws -> Void
    ) throws {
        (self.backend, self.host, self.report, self.extractor) = (backend, host, report, extractor)
        (self.sets, metrics, labels) = (sets, stage.evaluatedMetrics, noise.labels)
        dimension = stage.teacher.data.dimension
        let measured = metrics.compactMap(\.measured)
        prepared = try PreparedMetrics(measured) { place in
            if measured.contains(where: { $0.reference == place && $0.metric.comparesSets }) {
                try report("reading \(place.name)")
            }
            return ScoringReference(
                set: sets[place].map { Self.scored($0.samples, $0.read, dimension: stage.teacher.data.dimension) },
                moments: try Self.moments(of: place), projections: stage.projections, teacher: teacher,
                noise: noise.values, labels: noise.labels, classCount: classes, modes: stage.teacher.data.modes)
        }
    }

    private static func moments(of reference: MetricReference) throws -> GaussianMoments? {
        guard case .statistics(let file) = reference else { return nil }
        do { return try file.moments() } catch let violation as Violation {
            throw RecordError(path: file.file.text, found: violation.found, allowed: violation.allowed)
        }
    }

    private static func scored(
        _ samples: [Float], _ read: FeatureExtractor.Reading, dimension: Int, classCount: Int? = nil
    ) -> ScoredSamples {
        ScoredSamples(
            samples: samples, dimension: dimension, features: read.features, width: read.width, logits: read.logits,
            classCount: classCount)
    }

    /// The samples as metrics see them.
    private func read(_ samples: [Float], labels: [Int]?, subject: String) throws -> ScoredSamples {
        Self.scored(
            samples, try extractor(samples, labels: labels, subject: subject), dimension: dimension,
            classCount: extractor.classCount)
    }

    /// The Fréchet distance to the teacher's samples alone; nil where the study leaves it out.
    func distance(of samples: [Float], subject: String) throws -> Double? {
        guard let distance = prepared.scorer(of: MeasuredMetric(.frechetDistance)) else { return nil }
        return distance(try read(samples, labels: nil, subject: subject))?.first
    }

    /// The metrics' scores, in their order, without the drift, which is a curve.
    /// - Parameter subject: what the samples are, in words, for programs and for who waits.
    func callAsFunction(_ samples: [Float], subject: String) throws -> Scores {
        let value = prepared(try read(samples, labels: labels, subject: subject))
        var scores: [(String, Double)] = []
        for entry in metrics {
            switch entry {
            case .plugIn(let program): scores += try self.scores(by: program, of: samples, subject)
            case .measured(let measured):
                try report("\(subject): \(measured.name)")
                if let value = value(measured) { scores.append((measured.name, value)) }
            }
        }
        return Scores(scores)
    }

    private func scores(by program: PlugIn, of samples: [Float], _ subject: String) throws -> [(String, Double)] {
        let member = program.measuredAgainst == .data ? sets.data ?? sets.teacher : sets.teacher
        let values = try host.scores(
            by: program, of: host.arrays(samples, labels: labels),
            against: { host.arrays(member.samples, labels: member.labels) }, subject: subject)
        return Array(zip(program.scoreNames, values))
    }
}
