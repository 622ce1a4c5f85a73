import Tensors
import FlowMaps
import Results
import Study

/// Scores samples that were made from the evaluation noise.
struct Evaluator {
    private let metrics: [EvaluationMetric]
    private let extractor: FeatureExtractor
    private let labels: [Int]?
    private let comparisons: [MetricReference: SetComparison]
    private let sets: ReferenceSets
    private let paired: PairedError
    private let accuracy: ClassAccuracy?
    private let modes: ModeCoverage?
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
        var comparisons: [MetricReference: SetComparison] = [:]
        for reference in metrics.map(\.reference) + [.teacher] where comparisons[reference] == nil {
            let own = metrics.filter { $0.reference == reference }.compactMap(\.metric)
            if own.contains(where: \.comparesSets) { try report("reading \(reference.name)") }
            comparisons[reference] = try Self.comparison(of: own, reference, sets, stage)
        }
        self.comparisons = comparisons
        paired = PairedError(teacher: teacher, noise: noise.values)
        accuracy = noise.labels.map { ClassAccuracy(labels: $0, classCount: classes) }
        modes = stage.teacher.data.modes
    }

    private static func comparison(
        of metrics: [Metric], _ reference: MetricReference, _ sets: ReferenceSets, _ stage: ReferenceStage
    ) throws -> SetComparison? {
        let member: ReferenceSets.Member?
        switch reference {
        case .teacher: member = sets.teacher
        case .data: member = sets.data
        case .statistics(let file):
            do { return SetComparison(with: try file.moments()) } catch let violation as Violation {
                throw RecordError(path: file.file.text, found: violation.found, allowed: violation.allowed)
            }
        }
        return member.map {
            SetComparison(
                of: metrics, samples: $0.samples, dimension: stage.teacher.data.dimension, features: $0.read.features,
                width: $0.read.width, projections: stage.projections)
        }
    }

    /// The Fréchet distance to the teacher's samples alone; nil where the study leaves it out.
    func distance(of samples: [Float], subject: String) throws -> Double? {
        guard let comparison = comparisons[.teacher], comparison.hasDistance else { return nil }
        return comparison.distance(
            ofFeatures: try extractor(samples, labels: nil, subject: subject).features)
    }

    /// The metrics' scores, in their order, without the drift, which is a curve.
    /// - Parameter subject: what the samples are, in words, for programs and for who waits.
    func callAsFunction(_ samples: [Float], subject: String) throws -> Scores {
        let read = try extractor(samples, labels: labels, subject: subject)
        var measures: [MetricReference: (Metric) -> Double?] = [:]
        for (reference, comparison) in comparisons {
            measures[reference] = comparison(samples, features: read.features)
        }
        let modes = modes?(samples)
        var scores: [(String, Double)] = []
        for entry in metrics {
            switch entry {
            case .plugIn(let program): scores += try self.scores(by: program, of: samples, subject)
            case .measured(let measured):
                try report("\(subject): \(measured.name)")
                let value = value(
                    of: measured.metric, samples, read, modes, measures[measured.reference] ?? { _ in nil })
                if let value { scores.append((measured.name, value)) }
            }
        }
        return Scores(scores)
    }

    private func value(
        of metric: Metric, _ samples: [Float], _ read: FeatureExtractor.Reading, _ modes: ModeCoverage.Result?,
        _ measure: (Metric) -> Double?
    ) -> Double? {
        switch metric {
        case .pairedError: paired(samples)
        case .classAccuracy: read.logits.flatMap { accuracy?($0) }
        case .classifierScore:
            read.logits.flatMap { logits in
                extractor.classCount.map { ClassifierScore(classCount: $0)(logits) }
            }
        case .coveredModes: modes.map { Double($0.coveredModes) }
        case .highQualityShare: modes?.highQualityShare
        case .modeVariation: modes?.totalVariation
        case .drift: nil
        case .frechetDistance, .slicedWasserstein, .kernelDistance, .precision, .recall, .density, .coverage,
            .varianceRatio, .energyDistance, .meanDiscrepancy, .memorisation:
            measure(metric)
        }
    }

    private func scores(by program: PlugIn, of samples: [Float], _ subject: String) throws -> [(String, Double)] {
        let member = program.measuredAgainst == .data ? sets.data ?? sets.teacher : sets.teacher
        let values = try host.scores(
            by: program, of: host.arrays(samples, labels: labels),
            against: { host.arrays(member.samples, labels: member.labels) }, subject: subject)
        return Array(zip(program.scoreNames, values))
    }
}
