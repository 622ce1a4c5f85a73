import FlowMaps

/// The error of a data set's file: its path, the content found, the content allowed.
public struct DataError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The key of a data set's spec that names the file: "idx.labels".
    public let key: String
    /// The file or folder.
    public let path: String
    /// The content found.
    public let found: String
    /// The content allowed.
    public let allowed: String

    /// The path, the content found and the content allowed.
    public var description: String { "\(path): found \(found), allowed: \(allowed)" }

    /// The same error as a violation of a run's specification.
    /// - Parameter place: the key of the data set there.
    func violation(at place: String) -> Violation {
        Violation(key: "\(place).\(key)", found: "\(path): \(found)", allowed: allowed)
    }
}

/// The file of a key in a data set's specification, for errors.
package struct DataPlace {
    let key: String
    let path: String

    func error(_ found: String, allowed: String) -> DataError {
        DataError(key: key, path: path, found: found, allowed: allowed)
    }

    /// A place in this folder.
    func appending(_ name: String) -> DataPlace { DataPlace(key: key, path: "\(path)/\(name)") }
}
