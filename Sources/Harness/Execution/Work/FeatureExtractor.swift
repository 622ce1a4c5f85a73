import FlowMaps
import Results
import Specification
import Study
import Tensors

/// The features in which samples are compared.
struct FeatureExtractor {
    /// Where features are from.
    private enum Source {
        case coordinates
        case classifier(Classifier, any Backend)
        case plugIn(PlugIn, PlugInHost)
    }

    /// Samples as an extractor sees them.
    struct Reading {
        /// [count · width].
        let features: [Float]
        let width: Int
        /// Of a classifier, [count · classes].
        let logits: [Float]?
    }

    private let source: Source
    private let dimension: Int
    /// The number of classes that logits are of; nil where there are none.
    let classCount: Int?

    /// - Parameters:
    ///   - classifier: the stage's trained classifier, if it has one.
    ///   - backend: the backend on which the classifier is computed.
    init(
        _ stage: ReferenceStage, classifier: Classifier?, host: PlugInHost, dimension: Int, on backend: any Backend
    ) {
        self.dimension = dimension
        classCount = classifier?.classCount
        source =
            if let program = stage.featureProgram { .plugIn(program, host) } else if let classifier {
                .classifier(classifier, backend)
            } else { .coordinates }
    }

    /// Reads samples `[count × dimension]`.
    /// - Parameter subject: what they are, in words, for a program.
    func callAsFunction(_ samples: [Float], labels: [Int]?, subject: String) throws -> Reading {
        switch source {
        case .coordinates: return Reading(features: samples, width: dimension, logits: nil)
        case .classifier(let classifier, let backend):
            let read = try classifier.reading(samples, dimension: dimension, on: backend)
            return Reading(features: read.features, width: classifier.featureCount, logits: read.logits)
        case .plugIn(let program, let host):
            let read = try host.features(by: program, of: host.arrays(samples, labels: labels), subject: subject)
            return Reading(features: read.values, width: read.width, logits: nil)
        }
    }
}
