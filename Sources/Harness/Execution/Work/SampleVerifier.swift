import FlowMaps
import Study
import Tensors

/// A verifier with the data that it needs to score samples.
struct SampleVerifier {
    /// Scores of samples `[count × dimension]` that were made for classes.
    private let score: (_ samples: [Float], _ labels: [Int]?) throws -> [Double]

    /// - Parameters:
    ///   - reference: samples of the teacher, `[count × dimension]`.
    ///   - modes: the modes of the data, where they are a mixture of Gaussians.
    ///   - host: runs the verifier, where it is a program.
    init(
        _ verifier: SearchVerifier, classifier: Classifier?, reference: [Float], modes: ModeCoverage?, host: PlugInHost,
        dimension: Int, on backend: any Backend
    ) throws {
        func features(_ samples: [Float]) throws -> [Float] {
            try classifier?.reading(samples, dimension: dimension, on: backend).features ?? samples
        }
        func missing() -> Never {
            preconditionFailure("\(verifier) without what it needs, which is checked on reading")
        }
        switch verifier {
        case .own(.classProbability):
            guard let classifier else { missing() }
            score = { samples, labels in
                guard let labels else { missing() }
                return ClassLogProbability(labels: labels, classCount: classifier.classCount)(
                    try classifier.reading(samples, dimension: dimension, on: backend).logits)
            }
        case .own(.logLikelihood):
            guard let likelihood = modes.map(MixtureLikelihood.init) else { missing() }
            score = { samples, _ in likelihood(samples) }
        case .own(.nearestFeature):
            let nearest = NearestReference(
                reference: try features(reference), dimension: classifier?.featureCount ?? dimension)
            score = { samples, _ in nearest(try features(samples)) }
        case .plugIn(let program):
            score = { samples, labels in
                try host.verdicts(
                    by: program, of: host.arrays(samples, labels: labels), subject: "samples of a search")
            }
        }
    }

    /// Scores of samples `[count × dimension]` that were made for classes; more is better.
    func callAsFunction(_ samples: [Float], labels: [Int]?) throws -> [Double] { try score(samples, labels) }
}
