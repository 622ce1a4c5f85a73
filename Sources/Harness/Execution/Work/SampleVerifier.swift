import FlowMaps
import Tensors

/// A verifier with what it has to know to score samples.
struct SampleVerifier {
    private let verifier: Verifier
    private let classifier: Classifier?
    private let nearest: NearestReference?
    private let likelihood: MixtureLikelihood?
    private let dimension: Int
    private let backend: any Backend

    /// - Parameters:
    ///   - reference: samples of the teacher, `[count × dimension]`.
    ///   - modes: of the data, where they are a mixture of Gaussians.
    init(
        _ verifier: Verifier, classifier: Classifier?, reference: [Float], modes: ModeCoverage?, dimension: Int,
        on backend: any Backend
    ) throws {
        self.backend = backend
        (self.verifier, self.classifier, self.dimension) = (verifier, classifier, dimension)
        likelihood = modes.map(MixtureLikelihood.init)
        guard verifier == .nearestFeature else {
            nearest = nil
            return
        }
        nearest = NearestReference(
            reference: try classifier?.reading(reference, dimension: dimension, on: backend).features ?? reference,
            dimension: classifier?.featureCount ?? dimension)
    }

    /// Scores of samples `[count × dimension]` that were made for classes.
    func callAsFunction(_ samples: [Float], labels: [Int]?) throws -> [Double] {
        let scores: [Double]? =
            switch verifier {
            case .classProbability:
                try classifier.flatMap { classifier in
                    try labels.map {
                        try ClassLogProbability(labels: $0, classCount: classifier.classCount)(
                            classifier.reading(samples, dimension: dimension, on: backend).logits)
                    }
                }
            case .logLikelihood: likelihood?(samples)
            case .nearestFeature:
                nearest?(try classifier?.reading(samples, dimension: dimension, on: backend).features ?? samples)
            }
        guard let scores else { preconditionFailure("\(verifier) without what it needs, which is checked on reading") }
        return scores
    }
}
