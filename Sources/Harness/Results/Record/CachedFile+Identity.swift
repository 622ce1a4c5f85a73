import Foundation
import Specification
import Storage

extension CachedFile {
    /// The identity in a file of the cache, or nil where there is none of this schema.
    static func identity(in path: String) -> Identity? {
        guard FileManager.default.fileExists(atPath: path), (try? RecordInspection.check(path)) != nil else {
            return nil
        }
        return try? HDF5File.read(path) { root in
            try root.string("schema") == schema ? Identity(hex: try root.string("identity")) : nil
        }
    }
}
