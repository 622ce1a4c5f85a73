import FlowMaps
import Results
import Study

extension Worker {
    /// The samples of a data set; decoded pictures are stored in the cache for other stages.
    func dataset(_ source: DatasetSource) throws -> Dataset {
        let folder = "\(results.cache)/data"
        if source.isStoredDecoded { try ResultsFolder.create(folder) }
        return try source.load(decodedIn: folder)
    }

    /// The data set as a training or an evaluation receives it.
    /// - Parameter isRead: samples are needed; else only shape, classes and range are filled in, and no file is read.
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
