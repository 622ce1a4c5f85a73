/// A picture that cannot be encoded or decoded, in the words "path: cannot do this: detail".
public struct PNGError: Error, Equatable, CustomStringConvertible {
    /// The file; nil where the picture stays in memory.
    public let path: String?
    /// "write the picture" or "read the picture".
    public let operation: String
    /// What libpng or this library found wrong.
    public let detail: String

    public init(path: String?, operation: String, detail: String) {
        self.path = path
        self.operation = operation
        self.detail = detail
    }

    public var description: String { "\(path ?? "PNG"): cannot \(operation): \(detail)" }
}
