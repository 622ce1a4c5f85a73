import FlowMaps

/// A verifier with the data that it needs to score samples.
struct SampleVerifier {
    private let verifier: Verifier
    private let classifier: Classifier?
    private let nearest: NearestReference?
    private let likelihood: MixtureLikelihood?
    private let dimension: Int

    /// - Parameters:
    ///   - reference: samples of the teacher, `[count × dimension]`.
    ///   - modes: the modes of the data, where they are a mixture of Gaussians.
    init(_ verifier: Verifier, classifier: Classifier?, reference: [Float], modes: ModeCoverage?, dimension: Int) {
        (self.verifier, self.classifier, self.dimension) = (verifier, classifier, dimension)
        likelihood = modes.map(MixtureLikelihood.init)
        guard verifier == .nearestFeature else {
            nearest = nil
            return
        }
        nearest = NearestReference(
            reference: classifier?.reading(reference, dimension: dimension).features ?? reference,
            dimension: classifier?.featureCount ?? dimension)
    }

    /// Scores of samples `[count × dimension]` that were made for classes.
    func callAsFunction(_ samples: [Float], labels: [Int]?) -> [Double] {
        let scores: [Double]? =
            switch verifier {
            case .classProbability:
                classifier.flatMap { classifier in
                    labels.map {
                        ClassLogProbability(labels: $0, classCount: classifier.classCount)(
                            classifier.reading(samples, dimension: dimension).logits)
                    }
                }
            case .logLikelihood: likelihood?(samples)
            case .nearestFeature:
                nearest?(classifier?.reading(samples, dimension: dimension).features ?? samples)
            }
        guard let scores else { preconditionFailure("\(verifier) without what it needs, which is checked on reading") }
        return scores
    }
}
