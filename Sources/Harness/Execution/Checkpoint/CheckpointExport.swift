import Tensors
import FlowMaps
import Foundation
import Results
import Specification
import Storage
import Study

/// Exports a model of a run to a file that other programs can read.
package struct CheckpointExport: Sendable {
    /// The naming of the tensors.
    package enum Naming: Hashable, Sendable {
        /// This program's names, with a description in the metadata.
        case own
        /// The names of the released SiT models in PyTorch.
        case published(PublishedSiT.Convention)
    }

    /// The folder of a run, `results/<study>/<point>`.
    private let folder: String
    let record: Record
    private let results: ResultsFolder
    private let backend: any Backend

    /// - Parameters:
    ///   - folder: of a run, with its record in it.
    ///   - backend: what computes weights that were never trained.
    /// - Throws: `InputError` where there is no record, `RecordError` and `HDF5Error` for one that cannot be read.
    package init(run folder: String, on backend: any Backend) throws {
        self.backend = backend
        let path = "\(folder)/run.h5"
        guard access(path, R_OK) == 0 else {
            throw InputError(path: path, attempt: "read the run's record", reason: String(cString: strerror(errno)))
        }
        self.folder = folder
        record = try Record.read(path)
        let study = URL(fileURLWithPath: folder).standardizedFileURL.path
        results = ResultsFolder(parentFolder(of: parentFolder(of: study)))
    }

    /// The path of the run's student.
    var studentPath: String { "\(folder)/\(CheckpointDescription.Role.student.rawValue).safetensors" }

    /// Writes one of the run's models to a new file.
    /// - Throws: `FileError` where there is a file already, `InputError`, `RecordError` and `CheckpointError` where the model is not
    ///   there or has no place in the naming.
    package func write(
        _ role: CheckpointDescription.Role, naming: Naming, to path: String, overwriting: Bool = false
    ) throws {
        let output = try OutputFile(path, attempt: "export the \(role.rawValue)", overwriting: overwriting)
        try output.write { try write(role, naming: naming, into: $0) }
    }

    private func write(_ role: CheckpointDescription.Role, naming: Naming, into path: String) throws {
        let (description, content, origin, source) = try model(role)
        switch (naming, content) {
        case (.own, .network(let network)): try Checkpoint.write(network, description, origin: origin, to: path)
        case (.own, .classifier(let classifier)):
            try Checkpoint.write(classifier, description, origin: origin, to: path)
        case (.published(let convention), .network(let network)):
            try PublishedSiT.write(description, network, from: source, convention: convention, to: path)
        case (.published, .classifier):
            throw CheckpointError(
                path: source, found: "a classifier", allowed: "a SiT, as only it has published names")
        }
    }

    private typealias Model = (CheckpointDescription, Checkpoint.Content, origin: String?, source: String)

    private func model(_ role: CheckpointDescription.Role) throws -> Model {
        switch role {
        case .student, .auxiliary:
            let path = "\(folder)/\(role.rawValue).safetensors"
            let checkpoint = try Checkpoint(path)
            return (checkpoint.description, checkpoint.content, checkpoint.origin, path)
        case .teacher: return try teacher()
        case .classifier: return try classifier()
        }
    }

    private func teacher() throws -> Model {
        guard !record.run.specification.teacher.isExact else {
            throw CheckpointError(
                path: folder, found: "a teacher that is the exact velocity of the data's distribution",
                allowed: "one with a network")
        }
        let stage = RunStage(run: record.run).teacher, dataset = try stage.data.load(), data = TrainingData(dataset)
        let network = try Worker(results: results, on: backend).teacher(stage, for: data)
        var dropout: Double?
        if case .trained(let training) = stage.training { dropout = training.labelDropout }
        let description = CheckpointDescription(
            role: .teacher, model: .network(stage.training.network, network), for: data, range: dataset.valueRange,
            labelDropout: dropout)
        return (description, .network(network), try CanonicalEncoder().encode(stage).yaml(), folder)
    }

    private func classifier() throws -> Model {
        let run = RunStage(run: record.run)
        guard let stage = run.reference.classifier else {
            throw CheckpointError(path: folder, found: "a run judged on coordinates", allowed: "one with a classifier")
        }
        let dataset = try stage.data.load(), data = TrainingData(dataset)
        let classifier = try Worker(results: results, on: backend).classifier(stage, for: data)
        let description = CheckpointDescription(
            role: .classifier, model: .classifier(training: stage.training),
            for: data, range: dataset.valueRange)
        return (description, .classifier(classifier), try CanonicalEncoder().encode(stage).yaml(), folder)
    }
}

/// Refuses to write where a file is.
package func refuseExisting(_ path: String, attempt: String) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    throw FileError(path: path, attempt: attempt, reason: String(cString: strerror(EEXIST)))
}

/// Makes a checkpoint from a released SiT or DiT model.
package enum CheckpointImport {
    /// Reads a file of published names and writes a new checkpoint.
    /// - Parameters:
    ///   - image: the shape of the images that the model was trained on.
    ///   - options: what is said beside the file.
    ///   - backend: the backend on which a forward pass is computed.
    /// - Returns: the model that was read.
    /// - Throws: `FileError` where there is a file already, `InputError`, `CheckpointError`.
    package static func write(
        _ source: String, image: ImageShape, _ options: PublishedOptions, to path: String, overwriting: Bool = false,
        on backend: any Backend
    ) throws -> PublishedModel {
        let output = try OutputFile(path, attempt: "import the checkpoint", overwriting: overwriting)
        let model = try PublishedSiT.model(source, image: image, options)
        // Weights past what float32 multiplies are as little use as weights that are not finite.
        guard try model.probe(on: backend).allSatisfy(\.isFinite) else {
            throw CheckpointError(
                path: source, found: "an output that is not finite at x_i = sin i, t = 1/2", allowed: "finite numbers")
        }
        try output.write { try Checkpoint.write(model.network, model.description, origin: nil, to: $0) }
        return model
    }
}
