import Specification
import Storage

extension RunFingerprint {
    /// Writes the inputs and versions of stages that a record stores beside the specification.
    func write(to group: HDF5Group) throws {
        for input in inputs { try group.setAttribute(input.kind, input.identity.hex) }
        let numbers = try group.group("versions")
        for version in versions { try numbers.setAttribute(version.stage, version.number) }
    }

    /// Reads the fingerprint and the identity from a record's file, without its curves and samples.
    /// - Throws: as `Record.read` does.
    package static func read(_ path: String) throws -> (fingerprint: RunFingerprint, identity: Identity) {
        try RecordInspection.check(path)
        return try HDF5File.read(path) { root in
            try Record.checkSchema(of: root, path)
            guard let identity = Identity(hex: try root.string("identity")) else {
                throw RecordError(path: path, found: "no identity", allowed: "64 hexadecimal digits")
            }
            let specification = try Record.specification(root, path).canonical
            // Records of earlier versions have only the specification.
            guard try root.groupNames().contains("uses") else {
                return (RunFingerprint(specification: specification, versions: [], inputs: []), identity)
            }
            let group = try root.group("uses"), numbers = try group.group("versions")
            let inputs = try inputs(group)
            let versions = try numbers.attributeNames().map {
                Version(stage: $0, number: try numbers.wholeNumber($0))
            }
            return (RunFingerprint(specification: specification, versions: versions, inputs: inputs), identity)
        }
    }

    /// The inputs in a record's file, none in a record of an earlier version, and the identities of its data's files where they are asked
    /// for, as the specification has to be read for it.
    static func uses(of path: String, withData: Bool) throws -> (inputs: [Input], data: [String]) {
        try RecordInspection.check(path)
        return try HDF5File.read(path) { root in
            try Record.checkSchema(of: root, path)
            let inputs = try root.groupNames().contains("uses") ? inputs(root.group("uses")) : []
            return (inputs, withData ? try Record.specification(root, path).canonical.contentsOfData : [])
        }
    }

    private static func inputs(_ group: HDF5GroupReader) throws -> [Input] {
        try group.attributeNames().compactMap { kind in
            Identity(hex: try group.string(kind)).map { Input(kind: kind, identity: $0) }
        }
    }
}
