/// The error of a file of tensors that is damaged, or does not contain what was requested.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The path of the file.
    public let path: String
    /// The place in the file: a tensor's name, "the header"; nil means the whole file.
    public let place: String?
    public let found, allowed: String
    /// The name in the file that is nearest to the requested one, when one is near.
    public let nearest: String?

    package init(path: String, place: String? = nil, found: String, allowed: String, nearest: String? = nil) {
        (self.path, self.place, self.found, self.allowed, self.nearest) = (path, place, found, allowed, nearest)
    }

    /// The path, the place, the content found and the content allowed.
    public var description: String {
        let what = place.map { "\(path): \($0)" } ?? path
        let hint = nearest.map { "\n  did you mean '\($0)'?" } ?? ""
        return "\(what): found \(found), allowed: \(allowed)\(hint)"
    }
}
