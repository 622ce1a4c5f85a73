import Tensors
import FlowMaps
import Results
import Study

/// Scores samples that were made from the evaluation noise.
struct Evaluator {
    private let metrics: [MeasuredMetric]
    private let classifier: Classifier?
    private let dimension: Int
    private let teacherSet: SetComparison
    /// Nil where no metric is taken against the data.
    private let dataSet: SetComparison?
    private let paired: PairedError
    private let accuracy: ClassAccuracy?
    private let modes: ModeCoverage?
    /// The backend on which the classifier is computed.
    let backend: any Backend

    /// - Parameters:
    ///   - reference: samples of the teacher from noise of their own.
    ///   - teacher: samples of the teacher from the evaluation noise.
    ///   - backend: the backend on which the classifier is computed.
    init(
        _ stage: ReferenceStage, reference: [Float], teacher: [Float], noise: EvaluationNoise, classifier: Classifier?,
        data: TrainingData, on backend: any Backend
    ) throws {
        self.backend = backend
        let metrics = stage.evaluatedMetrics, dimension = data.dimension
        (self.metrics, self.classifier, self.dimension) = (metrics, classifier, dimension)
        func comparison(_ kind: MetricReference, _ samples: [Float]) throws -> SetComparison {
            SetComparison(
                of: metrics.filter { $0.reference == kind }.map(\.metric), samples: samples, dimension: dimension,
                features: try classifier?.reading(samples, dimension: dimension, on: backend).features ?? samples,
                width: classifier?.featureCount ?? dimension, projections: stage.projections)
        }
        teacherSet = try comparison(.teacher, reference)
        dataSet =
            stage.comparesWithData ? try comparison(.data, Tensor.materialized([data.samples], on: backend)[0]) : nil
        paired = PairedError(teacher: teacher, noise: noise.values)
        accuracy = noise.labels.map { ClassAccuracy(labels: $0, classCount: data.classes) }
        modes = stage.teacher.data.modes
    }

    /// The Fréchet distance to the teacher's samples alone; nil where the study leaves it out.
    func distance(of samples: [Float]) throws -> Double? {
        teacherSet.distance(
            ofFeatures: try classifier?.reading(samples, dimension: dimension, on: backend).features ?? samples)
    }

    /// The metrics' scores, in their order; the drift is none, but a curve.
    func callAsFunction(_ samples: [Float]) throws -> Scores {
        let read = try classifier?.reading(samples, dimension: dimension, on: backend)
        let features = read?.features ?? samples
        let againstTeacher = teacherSet(samples, features: features)
        let againstData = dataSet?(samples, features: features)
        let modes = modes?(samples)
        let scores = metrics.compactMap { measured -> (String, Double)? in
            let value: Double? =
                switch measured.metric {
                case .pairedError: paired(samples)
                case .classAccuracy: read.flatMap { accuracy?($0.logits) }
                case .classifierScore: read.map { ClassifierScore(classCount: classifier!.classCount)($0.logits) }
                case .coveredModes: modes.map { Double($0.coveredModes) }
                case .highQualityShare: modes?.highQualityShare
                case .modeVariation: modes?.totalVariation
                case .drift: nil
                case .frechetDistance, .slicedWasserstein, .kernelDistance, .precision, .recall, .density, .coverage,
                    .varianceRatio, .energyDistance, .meanDiscrepancy, .memorisation:
                    switch measured.reference {
                    case .teacher: againstTeacher(measured.metric)
                    case .data: againstData?(measured.metric)
                    }
                }
            return value.map { (measured.name, $0) }
        }
        return Scores(scores)
    }
}
