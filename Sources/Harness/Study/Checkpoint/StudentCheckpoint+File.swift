import FlowMaps
import Specification

extension StudentCheckpoint {
    /// The same with its hash, its network and the way in which it is sampled read from the file, which must fit the data.
    /// - Throws: `InputError` and `CheckpointError` for the file, `Violation` where its hash is not the one in the study.
    func resolved(for data: DatasetSource) throws -> StudentCheckpoint {
        let checkpoint = try Checkpoint(file.standardized)
        let network = try checkpoint.network(at: file.standardized).network, description = checkpoint.description
        if let hash, hash != checkpoint.hash {
            throw Violation(key: "hash", found: hash, allowed: "\(checkpoint.hash), which \(file) has")
        }
        guard network.isMap, case .network(let shape, let conditioning, let form) = description.model else {
            throw Violation(key: "file", found: "\(file), a \(description.role.rawValue)", allowed: "a student")
        }
        try description.check(file, for: data)
        let found = Model(network: shape, conditioning: conditioning, form: form)
        if let model, model != found {
            throw Violation(key: "model", found: "another network", allowed: "the one in \(file), or nothing")
        }
        // An imported student has no specification, and is a map between any two times.
        let method = checkpoint.training?.student.method
        guard checkpoint.origin == nil || method != nil else {
            throw Violation(
                key: "file", found: "\(file), which does not say in keys of this version how its student is sampled",
                allowed: "a student of this version, or one that was imported")
        }
        if let samplingGuidance, samplingGuidance != method?.samplingGuidance {
            throw Violation(
                key: "samplingGuidance", found: "another guidance", allowed: "the one in \(file), or nothing")
        }
        guard !isOneStepOnly || method?.isOneStepOnly == true else {
            throw Violation(key: "isOneStepOnly", found: "true", allowed: "what \(file) says, or nothing")
        }
        return StudentCheckpoint(
            file: file, hash: checkpoint.hash, model: found,
            sampling: sampling ?? method?.sampling ?? .map, samplingGuidance: method?.samplingGuidance,
            isOneStepOnly: method?.isOneStepOnly ?? false)
    }

    /// The network in the file, which must be unchanged since the study was read.
    package func load() throws -> Network { try Checkpoint.network(in: file.text, of: hash) }

    /// The network before its weights are read into it.
    package func emptyNetwork(for data: DatasetSource) -> Network {
        guard let model else { preconditionFailure("the student of \(file) was not looked at") }
        return CheckpointDescription(
            role: .student, model: .network(shape: model.network, conditioning: model.conditioning, form: model.form),
            dimension: data.dimension, image: data.image, classes: data.classCount
        ).emptyNetwork!
    }
}

extension Checkpoint {
    /// The run that a student was trained by; nil where the file does not say, as one that was imported.
    package var training: RunSpecification? {
        origin.flatMap { text in
            try? StrictDecoder().decode(
                RunSpecification.self, from: try SpecTree(yaml: text, file: "checkpoint"), at: "specification")
        }
    }
}
