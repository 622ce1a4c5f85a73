import FlowMaps
import Foundation
import Storage

extension TeacherCheckpoint {
    /// The same with its hash and its network read from the file, which must fit the data.
    /// - Throws: `InputError` and `CheckpointError` for the file, `Violation` where its hash is not the one in the
    ///   study.
    func resolved(for data: DatasetSource) throws -> TeacherCheckpoint {
        let path = URL(fileURLWithPath: file.text).standardizedFileURL.path
        let checkpoint = try Checkpoint(path)
        let (shape, network) = try checkpoint.network(at: path)
        if let hash, hash != checkpoint.hash {
            throw Violation(key: "hash", found: hash, allowed: "\(checkpoint.hash), which \(file) has")
        }
        if let said = self.network, said != shape {
            throw Violation(key: "network", found: "another network", allowed: "the one in \(file), or nothing")
        }
        guard !network.isMap, network.embeddedScalars.isEmpty, checkpoint.description.role != .auxiliary else {
            throw Violation(
                key: "file", found: "\(file), a \(checkpoint.description.role.rawValue)", allowed: "a teacher")
        }
        try check(checkpoint.description, for: data)
        if let said = labelDropout, said != checkpoint.description.labelDropout {
            throw Violation(key: "labelDropout", found: "\(said)", allowed: "what \(file) says, or nothing")
        }
        return TeacherCheckpoint(
            file: file, hash: checkpoint.hash, network: shape,
            labelDropout: checkpoint.description.labelDropout)
    }

    private func check(_ description: CheckpointDescription, for data: DatasetSource) throws {
        let image = data.image.map { CheckpointDescription.Image($0) }
        guard description.dimension == data.dimension, description.image == image else {
            throw Violation(
                key: "file", found: "\(file), of samples \(Self.text(description.image, description.dimension))",
                allowed: "samples \(Self.text(image, data.dimension)), as the data are")
        }
        guard description.classes == data.classCount else {
            throw Violation(
                key: "file", found: "\(file), of \(description.classes) classes",
                allowed: "\(data.classCount), as the data have")
        }
    }

    private static func text(_ image: CheckpointDescription.Image?, _ dimension: Int) -> String {
        image.map { "\($0.channels)×\($0.height)×\($0.width)" } ?? "of \(dimension) numbers"
    }

    /// The network in the file, which must be unchanged since the study was read.
    package func load() throws -> Network {
        let path = file.text
        let checkpoint = try Checkpoint(path)
        guard checkpoint.hash == hash else {
            throw CheckpointError(
                path: path, found: "hash \(checkpoint.hash)", allowed: "\(hash ?? "one"), which the study was read with"
            )
        }
        return try checkpoint.network(at: path).network
    }
}
