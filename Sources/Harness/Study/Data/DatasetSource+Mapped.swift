import FlowMaps
import Foundation
import Storage
import Tensors

extension DatasetSource {
    /// Bytes of samples from which a data set is mapped and not held in memory.
    package static let leastMapped = 1 << 28

    /// A large data set for a training, which reads its rows from a mapped file: `<content>.f32` in `folder`, samples as float32 and
    /// then their labels, written when it is first needed. The rows and their order are those of a set in memory, and so are all bits.
    /// - Parameter least: bytes of samples below which nothing is mapped.
    /// - Returns: nil of a set without files, and of a smaller one.
    /// - Throws: `DataError` as `load`; `FileError` where there is no room for the file.
    package func mapped(in folder: String, least: Int = Self.leastMapped) throws -> TrainingData? {
        guard let content, content.count * dimension >= least / MemoryLayout<Float>.stride else { return nil }
        let path = "\(folder)/\(content.identity.prefix(24)).f32"
        let samples = content.count * dimension, labels = content.classes > 0 ? content.count : 0
        guard let file = MappedFloats(path, count: samples + labels) else {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try writeSamples(to: path, decodedIn: folder)
            guard let file = MappedFloats(path, count: samples + labels) else {
                throw FileError(path: path, attempt: "map the samples", reason: "it has another size than was written")
            }
            return trainingData(file, content)
        }
        return trainingData(file, content)
    }

    private func trainingData(_ file: MappedFloats, _ content: DataContent) -> TrainingData {
        let samples = content.count * dimension
        // The file stays mapped as long as its numbers are read.
        let storage = Storage(base: file.base, count: samples) { withExtendedLifetime(file) {} }
        let labels = UnsafeBufferPointer(start: file.base + samples, count: content.classes > 0 ? content.count : 0)
        return TrainingData(
            samples: Tensor(storage, shape: [content.count, dimension]),
            labels: content.classes > 0 ? Tensor(labels, shape: [content.count]) : nil, classes: content.classes,
            image: image, background: Double(valueRange?.lowerBound ?? 0))
    }

    /// Reads the files some samples at a time.
    private func writeSamples(to path: String, decodedIn folder: String) throws {
        if isStoredDecoded {
            let data = try load(decodedIn: folder)
            return try MappedFloats.write(to: path) { append in
                try append(data.samples)
                try append((data.labels ?? []).map(Float.init))
            }
        }
        guard let stored = try file?.checked() else { preconditionFailure("\(self) has no files") }
        try MappedFloats.write(to: path) { append in
            try stored.forEachBlock { try append($0) }
            try append((stored.labels ?? []).map(Float.init))
        }
    }
}
