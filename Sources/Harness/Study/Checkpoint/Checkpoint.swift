import Tensors
import FlowMaps
import Specification
import Storage

/// A model in a safetensors file: a teacher, a student, an auxiliary or a classifier, with its description in the
/// file's metadata.
public struct Checkpoint: Sendable {
    /// The description of the model.
    public let description: CheckpointDescription
    /// The model.
    public let content: Content
    /// SHA-256 of metadata, names, shapes and numbers, 64 hexadecimal digits.
    public let hash: String
    /// The specification that it was trained by, as YAML; nil where there was none.
    public let origin: String?

    /// A model with its weights.
    public enum Content: Sendable {
        case network(Network)
        case classifier(Classifier)
    }

    private static let schema = "ablate.checkpoint/2"
    private static let schemaKey = "ablate.schema", descriptionKey = "ablate.checkpoint", hashKey = "ablate.hash"
    private static let originKey = "ablate.origin"

    /// Writes a model, whole or not at all.
    /// - Parameters:
    ///   - model: all of it known numbers.
    ///   - origin: the specification that the model was trained by, as YAML; it decides nothing when the file is
    ///     read.
    ///   - isDurable: false leaves it to the caller to bring the file to the disk.
    /// - Throws: `FileError`.
    package static func write(
        _ model: some Module, _ description: CheckpointDescription, origin: String?, to path: String,
        isDurable: Bool = true
    ) throws {
        let tensors = zip(model.parameterNames, zip(model.parameters, model.knownValues)).map {
            NamedTensor($0, $1.0.shape.dimensions, $1.1)
        }
        try write(tensors, description, origin: origin, to: path, isDurable: isDurable)
    }

    static func write(
        _ tensors: [NamedTensor], _ description: CheckpointDescription, origin: String?, to path: String,
        isDurable: Bool = true
    ) throws {
        var metadata = [
            (schemaKey, schema), (descriptionKey, try CanonicalEncoder().encode(description).yaml()),
            // PyTorch's own loaders require this key.
            ("format", "pt"),
        ]
        if let origin { metadata.append((originKey, origin)) }
        try Safetensors.write(tensors, metadata: metadata, hashKey: hashKey, to: path, isDurable: isDurable)
    }

    /// Reads a model and checks it: sizes, hash, every tensor and no other.
    /// - Throws: `InputError` where it cannot be read, `CheckpointError` where it is damaged or no checkpoint of this program.
    public init(_ path: String) throws {
        let file = try Safetensors(path)
        let found = file.metadata(Self.schemaKey)
        guard found == Self.schema, let text = file.metadata(Self.descriptionKey) else {
            throw CheckpointError(
                path: path,
                found: found.map { FileSchema.describing($0, expected: Self.schema) } ?? "tensors of another program",
                allowed: "schema '\(Self.schema)'; ablate import reads a released SiT model")
        }
        let hash = file.hash(leaving: [Self.hashKey])
        guard file.metadata(Self.hashKey) == hash else {
            throw CheckpointError(
                path: path, found: "numbers or names that do not fit the hash",
                allowed: "the file as it was written: it is damaged")
        }
        do {
            description = try StrictDecoder().decode(
                CheckpointDescription.self, from: try SpecTree(yaml: text, file: path), at: "checkpoint")
        } catch {
            throw CheckpointError(
                path: path, place: "the metadata", found: "\(error)", allowed: "a model of this version")
        }
        try Self.checkSize(description, file)
        self.hash = hash
        origin = file.metadata(Self.originKey)
        switch description.blank {
        case .network(let network): content = .network(try file.fill(network))
        case .classifier(let classifier): content = .classifier(try file.fill(classifier))
        }
    }

    /// Why a file is no whole checkpoint; nil where it has the hash that it was written with. No model is made of it.
    package static func fault(of path: String) -> String? {
        do {
            let file = try Safetensors(path)
            let isWhole = file.metadata(hashKey) == file.hash(leaving: [hashKey])
            return isWhole ? nil : "numbers or names that do not fit the hash"
        } catch let error as InputError {
            return error.reason
        } catch {
            return "\(error)"
        }
    }

    /// Refuses a description of more numbers than the file could have, before anything of that size is made.
    private static func checkSize(_ description: CheckpointDescription, _ file: Safetensors) throws {
        guard case .network(let shape, _, _) = description.model else { return }
        let numbers = shape.leastParameters(dimension: description.dimension)
        // The smallest type of a number that is read has two bytes.
        guard 2 * numbers > Double(file.byteCount) else { return }
        throw CheckpointError(
            path: file.path, place: "the metadata",
            found: "a network of at least \(NumberFormat.text(numbers)) numbers in \(file.byteCount) bytes",
            allowed: "as many as the file has")
    }

    /// The network, of a checkpoint that is asked to hold one.
    /// - Throws: `CheckpointError` for a classifier.
    public func network(at path: String) throws -> (shape: NetworkShape, network: Network) {
        guard case .network(let network) = content, case .network(let shape, _, _) = description.model else {
            throw CheckpointError(path: path, found: "a classifier", allowed: "a teacher, a student or an auxiliary")
        }
        return (shape, network)
    }
}

extension CheckpointDescription {
    /// The network of the model before its weights are read; nil for a classifier.
    var emptyNetwork: Network? { if case .network(let network) = blank { network } else { nil } }

    /// The model before its weights are read.
    fileprivate var blank: Checkpoint.Content {
        let key = RandomKey(seed: 0)
        switch model {
        case .network(let shape, let conditioning, let form):
            let network = shape.build(dimension: dimension, image: image?.shape, classes: classes, key: key)
            let plain = network.embedding(conditioning, key: key)
            // The form must not add an embedder that the network already has.
            return .network(form.map { plain.formed($0, isGuided: false, image: image?.shape, key: key) } ?? plain)
        case .classifier(let training):
            return .classifier(
                training.build(dimension: dimension, image: image?.shape, classes: classes, key: key))
        }
    }
}

extension Safetensors {
    /// A model with the numbers of the file, which has each of its tensors and no other.
    func fill<Model: Module>(_ model: Model) throws -> Model {
        let wanted = model.parameterNames
        let tensors = try zip(wanted, model.parameters).map { name, tensor in
            Tensor(try values(name, shape: tensor.shape.dimensions), shape: tensor.shape)
        }
        let known = Set(wanted)
        if let stranger = names.first(where: { !known.contains($0) }) {
            throw CheckpointError(
                path: path, place: "tensor '\(stranger)'", found: "a name that the model does not have",
                allowed: "its \(wanted.count) tensors", nearest: nearestName(to: stranger, among: wanted))
        }
        return model.replacingParameters(tensors)
    }
}
