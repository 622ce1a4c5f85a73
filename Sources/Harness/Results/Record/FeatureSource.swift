import FlowMaps
import Specification
import Storage

/// The feature space in which samples are compared.
public enum FeatureSource: Codable, Hashable, Sendable {
    /// The samples themselves.
    case coordinates
    /// The features of a trained classifier, by its identity, with its accuracy on held-out samples in [0, 1].
    case classifier(Identity, heldOutAccuracy: Double)

    /// The features that a program answered, by its name and the identity of its command and files.
    case plugIn(String, Identity)

    /// "coordinates", "classifier 1a2b3c4d5e6f", or "features.py 1a2b3c4d5e6f".
    public var name: String {
        switch self {
        case .coordinates: "coordinates"
        case .classifier(let identity, _): "classifier \(identity.short)"
        case .plugIn(let program, let identity): "\(program) \(identity.short)"
        }
    }
}

extension FeatureSource {
    func write(to group: HDF5Group) throws {
        switch self {
        case .coordinates: try group.setAttribute("kind", "coordinates")
        case .classifier(let identity, let accuracy):
            try group.setAttribute("kind", "classifier")
            try group.setAttribute("identity", identity.hex)
            try group.setAttribute("heldOutAccuracy", accuracy)
        case .plugIn(let program, let identity):
            try group.setAttribute("kind", Self.programKind)
            try group.setAttribute("program", program)
            try group.setAttribute("identity", identity.hex)
        }
    }

    private static let programKind = "program"

    init(_ group: HDF5GroupReader) throws {
        let kind = try group.string("kind")
        guard kind == "classifier" || kind == Self.programKind else {
            self = .coordinates
            return
        }
        guard let identity = Identity(hex: try group.string("identity")) else {
            throw RecordError(
                path: group.place.path, found: "a \(kind) without identity", allowed: "64 hexadecimal digits")
        }
        guard kind == "classifier" else {
            self = .plugIn(try group.string("program"), identity)
            return
        }
        self = .classifier(identity, heldOutAccuracy: try group.number("heldOutAccuracy"))
    }
}
