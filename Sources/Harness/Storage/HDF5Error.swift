/// A failed operation on an HDF5 file, in the words "path: cannot do this: detail".
public struct HDF5Error: Error, Equatable, CustomStringConvertible {
    /// The file that was written or read, never a temporary name.
    public let path: String
    /// What was tried, as a verb and its object: "write '/metrics/loss'".
    public let operation: String
    /// What HDF5 or this library found wrong.
    public let detail: String

    public init(path: String, operation: String, detail: String) {
        self.path = path
        self.operation = operation
        self.detail = detail
    }

    public var description: String { "\(path): cannot \(operation): \(detail)" }
}
