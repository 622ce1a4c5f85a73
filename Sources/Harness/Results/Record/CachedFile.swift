import Tensors
import Foundation
import Specification
import Storage
import Study

/// A file of the cache: the product of a shared stage, under its identity.
package enum CachedFile {
    static let schema = "ablate.cache/2"

    /// Writes a file of the cache, whole or not at all, with its cost.
    /// - Parameter sealing: called with the hash of the whole file before it gets its name.
    package static func write(
        _ stage: Stage, to path: String, cost: Cost, sealing: (Identity) throws -> Void,
        _ body: (HDF5Group) throws -> Void
    ) throws {
        try HDF5File.write(to: path, sealing: sealing) { root in
            try root.setAttribute("schema", schema)
            try root.setAttribute("identity", stage.identity.hex)
            try root.write("specification", [try CanonicalEncoder().encode(stage).yaml()], shape: [])
            try cost.write(to: root)
            try body(root)
        }
    }

    /// The cost stored in the product of a shared stage; nil where it cannot be read, and in products of earlier
    /// versions.
    static func cost(_ path: String) -> Cost? { (try? HDF5File.read(path) { root in try Cost(root) }) ?? nil }

    /// Reads a file of the cache.
    /// - Throws: `RecordError` where it is not the requested product.
    package static func read<Result>(_ stage: Stage, from path: String, _ body: (HDF5GroupReader) throws -> Result)
        throws
        -> Result
    {
        try HDF5File.read(path) { root in
            guard try root.string("schema") == schema, try root.string("identity") == stage.identity.hex else {
                throw RecordError(path: path, found: "another file", allowed: "\(stage.title) of schema '\(schema)'")
            }
            return try body(root)
        }
    }
}

extension Module {
    /// Writes every tensor, which must be known numbers, as a dataset of its name.
    package func write(to group: HDF5Group) throws {
        for (name, (tensor, values)) in zip(parameterNames, zip(parameters, knownValues)) {
            try group.write(name, values, shape: tensor.shape.dimensions)
        }
    }

    /// The same structure with the numbers of a group.
    package func read(from group: HDF5GroupReader) throws -> Self {
        replacingParameters(
            try zip(parameterNames, parameters).map { name, tensor in
                let array = try group.read(name, as: Float.self)
                guard array.shape == tensor.shape.dimensions else {
                    throw RecordError(
                        path: group.place.path, found: "'\(name)' of shape \(array.shape)",
                        allowed: "shape \(tensor.shape)")
                }
                return Tensor(array.values, shape: tensor.shape)
            })
    }
}
