/// A failed operation on an HDF5 file, in the words "path: cannot do this: detail".
public struct HDF5Error: Error, Equatable, CustomStringConvertible {
    /// The file that was written or read, never a temporary name.
    public let path: String
    /// The operation, as a verb and its object: "write '/metrics/loss'".
    public let operation: String
    /// The error text of HDF5 or of this library.
    public let detail: String

    /// A failed operation on a file.
    public init(path: String, operation: String, detail: String) {
        self.path = path
        self.operation = operation
        self.detail = detail
    }

    /// The path, the operation and the detail.
    public var description: String { "\(path): cannot \(operation): \(detail)" }
}
