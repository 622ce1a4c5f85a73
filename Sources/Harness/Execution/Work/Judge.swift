import Tensors
import FlowMaps
import Results
import Study

/// Judges samples that were made from the evaluation noise.
struct Judge {
    private let metrics: [Metric]
    private let classifier: Classifier?
    private let dimension: Int
    private let frechet: FrechetDistance?
    private let kernel: KernelDistance?
    private let support: SupportOverlap?
    private let wasserstein: SlicedWasserstein?
    private let energy: EnergyDistance?
    private let meanDiscrepancy: MeanDiscrepancy?
    private let variance: VarianceRatio?
    private let paired: PairedError
    private let accuracy: ClassAccuracy?
    private let modes: ModeCoverage?
    let backend: any Backend

    /// - Parameters:
    ///   - reference: samples of the teacher from noise of their own.
    ///   - teacher: samples of the teacher from the evaluation noise.
    ///   - backend: what the classifier is computed on.
    init(
        _ work: ReferenceWork, reference: [Float], teacher: [Float], noise: EvaluationNoise, classifier: Classifier?,
        data: TrainingData, on backend: any Backend
    ) throws {
        self.backend = backend
        let metrics = work.judgedMetrics, dimension = data.dimension
        func made<Made>(_ own: Metric..., by make: () -> Made) -> Made? {
            own.contains(where: metrics.contains) ? make() : nil
        }
        (self.metrics, self.classifier, self.dimension) = (metrics, classifier, dimension)
        let features = try classifier?.reading(reference, dimension: dimension, on: backend).features ?? reference
        let width = classifier?.featureCount ?? dimension
        frechet = made(.frechetDistance) {
            FrechetDistance(reference: GaussianMoments(samples: features, dimension: width))
        }
        kernel = made(.kernelDistance) { KernelDistance(reference: features, dimension: width) }
        support = made(.precision, .recall, .density, .coverage) {
            SupportOverlap(reference: features, dimension: width)
        }
        wasserstein = made(.slicedWasserstein) {
            SlicedWasserstein(reference: reference, dimension: dimension, directionCount: work.directions)
        }
        energy = made(.energyDistance) { EnergyDistance(reference: reference, dimension: dimension) }
        meanDiscrepancy = made(.meanDiscrepancy) { MeanDiscrepancy(reference: reference, dimension: dimension) }
        variance = made(.varianceRatio) { VarianceRatio(reference: reference, dimension: dimension) }
        paired = PairedError(teacher: teacher, noise: noise.values)
        accuracy = noise.labels.map { ClassAccuracy(labels: $0, classCount: data.classes) }
        modes = work.teacher.data.modes
    }

    /// The Fréchet distance alone; nil where the study leaves it out.
    func distance(of samples: [Float]) throws -> Double? {
        frechet?(try classifier?.reading(samples, dimension: dimension, on: backend).features ?? samples)
    }

    /// The metrics' scores, in their order; the drift is none, but a curve.
    func callAsFunction(_ samples: [Float]) throws -> Scores {
        let read = try classifier?.reading(samples, dimension: dimension, on: backend)
        let features = read?.features ?? samples
        let overlap = support?(features)
        let modes = modes?(samples)
        let scores = metrics.compactMap { metric -> (String, Double)? in
            let value: Double? =
                switch metric {
                case .frechetDistance: frechet?(features)
                case .slicedWasserstein: wasserstein?(samples)
                case .pairedError: paired(samples)
                case .classAccuracy: read.flatMap { accuracy?($0.logits) }
                case .classifierScore: read.map { ClassifierScore(classCount: classifier!.classCount)($0.logits) }
                case .kernelDistance: kernel?(features)
                case .precision: overlap?.precision
                case .recall: overlap?.recall
                case .density: overlap?.density
                case .coverage: overlap?.coverage
                case .varianceRatio: variance?(samples)
                case .energyDistance: energy?(samples)
                case .meanDiscrepancy: meanDiscrepancy?(samples)
                case .coveredModes: modes.map { Double($0.coveredModes) }
                case .highQualityShare: modes?.highQualityShare
                case .modeVariation: modes?.totalVariation
                case .drift: nil
                }
            return value.map { (metric.rawValue, $0) }
        }
        return Scores(scores)
    }
}
