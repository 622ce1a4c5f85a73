import FlowMaps
import Results
import Study

extension Worker {
    /// The samples of a data set; pictures that are decoded lie in the cache for the other pieces of work.
    func dataset(_ source: DatasetSource) throws -> Dataset {
        let folder = "\(results.cache)/data"
        if case .images = source { try ResultsFolder.create(folder) }
        return try source.load(decodedIn: folder)
    }

    /// What a training or an evaluation is given of a data set.
    /// - Parameter isRead: whether it looks at samples; else shape, classes and range are all it is given, and no file is read.
    func trainingData(_ source: DatasetSource, isRead: Bool) throws -> TrainingData {
        guard !isRead else { return TrainingData(try dataset(source)) }
        let classes = source.classCount
        return TrainingData(
            Dataset(
                name: "shape", samples: [Float](repeating: 0, count: source.dimension), dimension: source.dimension,
                labels: classes > 0 ? [0] : nil, classCount: classes, imageShape: source.image,
                valueRange: source.valueRange))
    }
}
