import FlowMaps
import Specification

/// A student in a file, identified by its content: `student.safetensors`, or `{file: student.safetensors, hash: …}`.
public struct StudentCheckpoint: Hashable, Sendable {
    /// The file.
    package let file: DataPath
    /// SHA-256 of the tensors, 64 hexadecimal digits. A study may give it, and then refuses any other file.
    public let hash: String?
    /// The network in the file; filled in when the study is read.
    public let model: Model?
    /// The sampling in several steps; where a study gives none, that of the method by which the file says that the student
    /// was trained, or `map`.
    public let sampling: MapSampling?
    /// The guidance of the student by itself while it is sampled; filled in when the study is read.
    public let samplingGuidance: Guidance?
    /// The student has learned to set out from t = 1 alone; filled in when the study is read.
    public let isOneStepOnly: Bool

    /// The network in the file, with what it is told besides time and class, and with the parts that a teacher's lacks.
    public struct Model: Codable, Hashable, Sendable {
        /// The shape of the network.
        public let network: NetworkShape
        /// The scalars that it is told.
        public let conditioning: [EmbeddedScalar]
        /// The parts that a teacher's network lacks; nil is none.
        public let form: MapForm?
    }

    init(
        file: DataPath, hash: String? = nil, model: Model? = nil, sampling: MapSampling? = nil,
        samplingGuidance: Guidance? = nil, isOneStepOnly: Bool = false
    ) {
        (self.file, self.hash, self.model, self.sampling) = (file, hash, model, sampling)
        (self.samplingGuidance, self.isOneStepOnly) = (samplingGuidance, isOneStepOnly)
    }

    /// What the student is sampled and counted by: a training of no steps.
    var distillation: Distillation {
        .untrained(sampling: sampling ?? .map, guidance: samplingGuidance, isOneStepOnly: isOneStepOnly)
    }
}

extension StudentCheckpoint: Codable {
    private enum CodingKeys: String, CodingKey {
        case file, hash, model, sampling, samplingGuidance, isOneStepOnly
    }

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
            model: try container.decodeIfPresent(Model.self, forKey: .model),
            sampling: try container.decodeIfPresent(MapSampling.self, forKey: .sampling),
            samplingGuidance: try container.decodeIfPresent(Guidance.self, forKey: .samplingGuidance),
            isOneStepOnly: try container.decodeIfPresent(Bool.self, forKey: .isOneStepOnly) ?? false)
    }

    /// Encodes the value as a specification or a record holds it.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(file, forKey: .file)
        try container.encodeIfPresent(hash, forKey: .hash)
        try container.encodeIfPresent(model, forKey: .model)
        try container.encodeIfPresent(sampling, forKey: .sampling)
        try container.encodeIfPresent(samplingGuidance, forKey: .samplingGuidance)
        if isOneStepOnly { try container.encode(isOneStepOnly, forKey: .isOneStepOnly) }
    }
}
