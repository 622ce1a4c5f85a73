import FlowMaps
import Specification
import Storage

/// The feature space in which samples are compared.
public enum FeatureSource: Hashable, Sendable {
    /// The samples themselves.
    case coordinates
    /// The features of a trained classifier, by its identity, with its accuracy on held-out samples in [0, 1].
    case classifier(Identity, heldOutAccuracy: Double)

    /// "coordinates", or "classifier 1a2b3c4d5e6f".
    public var name: String {
        switch self {
        case .coordinates: "coordinates"
        case .classifier(let identity, _): "classifier \(identity.short)"
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
        }
    }

    init(_ group: HDF5GroupReader) throws {
        guard try group.string("kind") == "classifier" else {
            self = .coordinates
            return
        }
        guard let identity = Identity(hex: try group.string("identity")) else {
            throw RecordError(
                path: group.place.path, found: "a classifier without identity", allowed: "64 hexadecimal digits")
        }
        self = .classifier(identity, heldOutAccuracy: try group.number("heldOutAccuracy"))
    }
}
