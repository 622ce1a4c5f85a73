import FlowMaps

extension TeacherCheckpoint {
    /// The same with its hash and its network read from the file, which must fit the data.
    /// - Throws: `InputError` and `CheckpointError` for the file, `Violation` where its hash is not the one in the
    ///   study.
    func resolved(for data: DatasetSource) throws -> TeacherCheckpoint {
        let checkpoint = try Checkpoint(file.standardized)
        let (shape, network) = try checkpoint.network(at: file.standardized)
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
        try checkpoint.description.check(file, for: data)
        if let said = labelDropout, said != checkpoint.description.labelDropout {
            throw Violation(key: "labelDropout", found: "\(said)", allowed: "what \(file) says, or nothing")
        }
        return TeacherCheckpoint(
            file: file, hash: checkpoint.hash, network: shape,
            labelDropout: checkpoint.description.labelDropout)
    }

    /// The network in the file, which must be unchanged since the study was read.
    package func load() throws -> Network { try Checkpoint.network(in: file.text, of: hash) }
}
