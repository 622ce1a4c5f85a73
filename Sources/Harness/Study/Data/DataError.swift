import FlowMaps

/// A file of a data set that cannot be used: which one, what was found, what is allowed.
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
    var violation: Violation { Violation(key: "data.\(key)", found: "\(path): \(found)", allowed: allowed) }
}

/// A place that a key of a data set's spec names, to say what is wrong there.
struct DataPlace {
    let key: String
    let path: String

    func error(_ found: String, allowed: String) -> DataError {
        DataError(key: key, path: path, found: found, allowed: allowed)
    }

    /// A place in this folder.
    func appending(_ name: String) -> DataPlace { DataPlace(key: key, path: "\(path)/\(name)") }
}
