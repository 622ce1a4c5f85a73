import FlowMaps

/// The source of a teacher: a training, `{network, times, labelDropout, optimization}`, a file, `{checkpoint:
/// teacher.safetensors}`, or the exact velocity of the data's distribution, `{exact: {network}}`.
public enum TeacherSource: Hashable, Sendable {
    case trained(TeacherTraining)
    case checkpoint(TeacherCheckpoint)
    case exact(ExactTeacher)

    /// Its network; for a checkpoint that of the file, for an exact velocity the one that students begin as.
    public var network: NetworkShape {
        switch self {
        case .trained(let training): training.network
        case .checkpoint(let checkpoint): checkpoint.found
        case .exact(let exact): exact.network
        }
    }

    /// Its network, where no file must be read for it.
    var knownNetwork: NetworkShape? {
        if case .checkpoint(let checkpoint) = self { checkpoint.network } else { network }
    }

    /// It has a velocity of "no class".
    var knowsNoClass: Bool {
        switch self {
        case .trained(let training): training.labelDropout > 0
        case .checkpoint(let checkpoint): checkpoint.labelDropout != 0
        // The known distributions have no classes.
        case .exact: false
        }
    }

    var isFile: Bool { if case .checkpoint = self { true } else { false } }

    /// Its velocity is the distribution's own, and not a network's.
    package var isExact: Bool { if case .exact = self { true } else { false } }

    /// The training that it is made by, or that of the network that students of an exact one begin as; nil where
    /// nothing is trained.
    package var training: TeacherTraining? {
        switch self {
        case .trained(let training): training
        case .exact(let exact): exact.training
        case .checkpoint: nil
        }
    }

    /// The same with the content of its file; a teacher to be trained is unchanged.
    func resolved(for data: DatasetSource) throws -> TeacherSource {
        guard case .checkpoint(let checkpoint) = self else { return self }
        return .checkpoint(try checkpoint.resolved(for: data))
    }
}

extension TeacherSource: Codable, Validated {
    private enum CodingKeys: String, CodingKey {
        case checkpoint, exact, network, times, labelDropout, optimization, weighting, representation
    }

    /// Decodes the value from a specification or a record.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        if let checkpoint = try container.decodeIfPresent(TeacherCheckpoint.self, forKey: .checkpoint) {
            self = .checkpoint(checkpoint)
            return
        }
        if let exact = try container.decodeIfPresent(ExactTeacher.self, forKey: .exact) {
            self = .exact(exact)
            return
        }
        // The training requests the other keys, so they are known here.
        for key in [CodingKeys.network, .times, .labelDropout, .optimization, .weighting, .representation] {
            _ = container.contains(key)
        }
        self = .trained(try TeacherTraining(from: decoder))
    }

    /// Encodes the value as a specification or a record holds it.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .trained(let training): try training.encode(to: encoder)
        case .checkpoint(let checkpoint):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(checkpoint, forKey: .checkpoint)
        case .exact(let exact):
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encode(exact, forKey: .exact)
        }
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        if case .trained(let training) = self { try training.validate() }
    }
}

/// A teacher in a file, identified by its content: `teacher.safetensors`, or `{file: teacher.safetensors, hash: …}`.
public struct TeacherCheckpoint: Hashable, Sendable {
    /// The file.
    package let file: DataPath
    /// SHA-256 of the tensors, 64 hexadecimal digits. A study may give it, and then refuses any other file.
    public let hash: String?
    /// The network in the file; filled in when the study is read.
    public let network: NetworkShape?
    /// The share of rows that the teacher was trained on without their class, where the file has it; filled in when
    /// the study is read.
    public let labelDropout: Double?

    init(file: DataPath, hash: String? = nil, network: NetworkShape? = nil, labelDropout: Double? = nil) {
        (self.file, self.hash, self.network, self.labelDropout) = (file, hash, network, labelDropout)
    }

    var found: NetworkShape {
        guard let network else { preconditionFailure("the teacher of \(file) was not looked at") }
        return network
    }
}

extension TeacherCheckpoint: Codable {
    private enum CodingKeys: String, CodingKey { case file, hash, network, labelDropout }

    /// Decodes the value from a specification or a record.
    public init(from decoder: any Decoder) throws {
        if let file = try? DataPath(from: decoder) {
            self.init(file: file)
            return
        }
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            file: try container.decode(DataPath.self, forKey: .file),
            hash: try container.decodeIfPresent(String.self, forKey: .hash),
            network: try container.decodeIfPresent(NetworkShape.self, forKey: .network),
            labelDropout: try container.decodeIfPresent(Double.self, forKey: .labelDropout))
    }
}
