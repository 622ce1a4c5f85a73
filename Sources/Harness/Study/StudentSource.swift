import FlowMaps
import Specification

/// The source of a student: a training, `{method, optimization}`, or a file, `{checkpoint: student.safetensors}`, whose
/// student is judged as it is.
public enum StudentSource: Hashable, Sendable {
    case trained(Distillation)
    case checkpoint(StudentCheckpoint)

    /// The training; of a student in a file one of no steps.
    public var distillation: Distillation {
        switch self {
        case .trained(let distillation): distillation
        case .checkpoint(let checkpoint): checkpoint.distillation
        }
    }

    /// The file; nil where the student is trained.
    package var checkpoint: StudentCheckpoint? { if case .checkpoint(let file) = self { file } else { nil } }

    /// The network in the file; nil where the student begins as the teacher's.
    var knownNetwork: NetworkShape? { checkpoint?.model?.network }

    /// The student is told a guidance scale; nil where its file must be read to know.
    var isToldScale: Bool? {
        switch self {
        case .trained(let distillation): distillation.guidanceScales != nil
        case .checkpoint(let checkpoint): checkpoint.model.map { $0.conditioning.contains(.guidance) }
        }
    }

    /// The same training without the request for one of its stored averages.
    var withoutChoice: StudentSource {
        if case .trained(let distillation) = self { .trained(distillation.withoutChoice) } else { self }
    }

    /// The same with the content of its file; a student to be trained is unchanged.
    func resolved(for data: DatasetSource) throws -> StudentSource {
        guard case .checkpoint(let checkpoint) = self else { return self }
        return .checkpoint(try checkpoint.resolved(for: data))
    }
}

extension StudentSource: Codable {
    /// A student that is read.
    private struct StudentFile: Codable {
        let checkpoint: StudentCheckpoint

        enum CodingKeys: String, CodingKey { case checkpoint }
    }

    /// Decodes a file where there is a `checkpoint`, else a training.
    public init(from decoder: any Decoder) throws {
        if decoder.hasKey(StudentFile.CodingKeys.checkpoint.rawValue) {
            self = .checkpoint(try decoder.singleValueContainer().decode(StudentFile.self).checkpoint)
        } else {
            self = .trained(try decoder.singleValueContainer().decode(Distillation.self))
        }
    }

    /// Encodes the value as a specification or a record holds it.
    public func encode(to encoder: any Encoder) throws {
        switch self {
        case .trained(let distillation): try distillation.encode(to: encoder)
        case .checkpoint(let checkpoint): try StudentFile(checkpoint: checkpoint).encode(to: encoder)
        }
    }
}
