/// A picture that cannot be encoded or decoded, in the words "path: cannot do this: detail".
public struct PNGError: Error, Equatable, CustomStringConvertible {
    /// The file; nil where the picture stays in memory.
    public let path: String?
    /// "write the picture" or "read the picture".
    public let operation: String
    /// The error text of libpng or of this library.
    public let detail: String

    /// A failed operation on a picture.
    public init(path: String?, operation: String, detail: String) {
        self.path = path
        self.operation = operation
        self.detail = detail
    }

    /// The path, the operation and the detail.
    public var description: String { "\(path ?? "PNG"): cannot \(operation): \(detail)" }
}
