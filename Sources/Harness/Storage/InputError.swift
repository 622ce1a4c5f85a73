/// An input of the user's that cannot be read, in the words "path: cannot do this: reason".
public struct InputError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The path of the input.
    public let path: String
    /// The operation, as a verb and its object: "read the study".
    public let attempt: String
    /// The system's text for the failure: "No such file or directory".
    public let reason: String

    package init(path: String, attempt: String, reason: String) {
        (self.path, self.attempt, self.reason) = (path, attempt, reason)
    }

    /// The path, the operation and the reason.
    public var description: String { "\(path): cannot \(attempt): \(reason)" }
}
