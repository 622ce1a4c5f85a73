import FlowMaps
import Foundation
import Results
import Storage
import Study
import Tensors

/// The mean and covariance of a data set's features, as metrics compare with.
package struct DataStatistics {
    /// The moments.
    package let moments: GaussianMoments
    /// The number of rows.
    package let count: Int
    /// "coordinates", or the source of the features.
    package let features: String

    /// - Parameters:
    ///   - source: the data, whose files are read here.
    ///   - stage: the reference whose features are used; nil for the samples themselves.
    ///   - results: the folder with the classifier, where features are one's.
    /// - Throws: what reading the data throws, `InputError` where the classifier is not there yet, `PlugInObstacle`.
    package init(
        of source: DatasetSource, features stage: ReferenceStage?, in results: ResultsFolder, allowsCommands: Bool,
        on backend: any Backend
    ) throws {
        let worker = Worker(
            results: results, on: backend, workerOptions: WorkerOptions(allowsCommands: allowsCommands))
        let source = try source.inspected()
        let dataset = try worker.dataset(source), data = TrainingData(dataset)
        count = dataset.count
        guard dataset.count > 1 else {
            throw InputError(path: dataset.name, attempt: "take a covariance", reason: "it has \(dataset.count) sample")
        }
        guard let stage else {
            (moments, features) = (GaussianMoments(samples: dataset.samples, dimension: data.dimension), "coordinates")
            return
        }
        if let classifier = stage.classifier, !results.isDone(.classifier(classifier)) {
            throw InputError(
                path: results.product(.classifier(classifier)), attempt: "read the classifier",
                reason: "it is not trained yet: ablate run the study first")
        }
        let host = try PlugInHost(.reference(stage), of: source, by: worker) { _ in }
        defer { host.close() }
        let extractor = FeatureExtractor(
            stage, classifier: try stage.classifier.map { try worker.classifier($0, for: data) }, host: host,
            dimension: data.dimension, on: backend)
        let read = try extractor(dataset.samples, labels: dataset.labels, subject: "all rows of the data")
        moments = GaussianMoments(samples: read.features, dimension: read.width)
        features = try worker.featureSource(of: stage).name
    }
}
