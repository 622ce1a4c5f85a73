import FlowMaps
import Results
import Study

extension Worker {
    /// The samples of a data set; decoded pictures are stored in the cache for other stages.
    func dataset(_ source: DatasetSource) throws -> Dataset {
        let folder = "\(results.cache)/\(ResultsFolder.dataName)"
        if source.isStoredDecoded { try ResultsFolder.create(folder) }
        return try source.load(decodedIn: folder)
    }

    /// The data set as a training or an evaluation receives it.
    /// - Parameter isRead: samples are needed; else only shape, classes and range are filled in, and no file is read.
    func trainingData(_ source: DatasetSource, isRead: Bool = true) throws -> TrainingData {
        if isRead {
            // Large sets are read while they are trained on.
            return try source.mapped(in: "\(results.cache)/\(ResultsFolder.dataName)")
                ?? TrainingData(try dataset(source))
        }
        let classes = source.classCount
        return TrainingData(
            Dataset(
                name: "shape", samples: [Float](repeating: 0, count: source.dimension), dimension: source.dimension,
                labels: classes > 0 ? [0] : nil, classCount: classes, imageShape: source.image,
                valueRange: source.valueRange))
    }
}
