import FlowMaps
import Foundation
import Storage

extension CheckpointDescription {
    /// Refuses the model of a file that does not fit the data.
    /// - Throws: `Violation` under `file`.
    func check(_ file: DataPath, for data: DatasetSource) throws(Violation) {
        let image = data.image.map { Image($0) }
        guard dimension == data.dimension, self.image == image else {
            throw Violation(
                key: "file", found: "\(file), of samples \(Self.text(self.image, dimension))",
                allowed: "samples \(Self.text(image, data.dimension)), as the data are")
        }
        guard classes == data.classCount else {
            throw Violation(
                key: "file", found: "\(file), of \(classes) classes", allowed: "\(data.classCount), as the data have")
        }
    }

    private static func text(_ image: Image?, _ dimension: Int) -> String {
        image.map { "\($0.channels)×\($0.height)×\($0.width)" } ?? "of \(dimension) numbers"
    }
}

extension DataPath {
    /// The path without the steps through folders that it need not take.
    var standardized: String { URL(fileURLWithPath: text).standardizedFileURL.path }
}

extension Checkpoint {
    /// The network in a file, which must have the hash that it had when a study was read.
    /// - Throws: `InputError`, `CheckpointError`.
    static func network(in path: String, of hash: String?) throws -> Network {
        let checkpoint = try Checkpoint(path)
        guard checkpoint.hash == hash else {
            throw CheckpointError(
                path: path, found: "hash \(checkpoint.hash)", allowed: "\(hash ?? "one"), which the study was read with"
            )
        }
        return try checkpoint.network(at: path).network
    }
}
