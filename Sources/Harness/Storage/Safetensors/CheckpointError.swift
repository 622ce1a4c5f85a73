/// A file of tensors that is damaged, or not what was asked for.
public struct CheckpointError: Error, Hashable, Sendable, CustomStringConvertible {
    public let path: String
    /// Where in the file: a tensor's name, "the header"; nil speaks of the whole file.
    public let place: String?
    public let found, allowed: String
    /// The name there that is nearest to the one looked for, when one is near.
    public let nearest: String?

    package init(path: String, place: String? = nil, found: String, allowed: String, nearest: String? = nil) {
        (self.path, self.place, self.found, self.allowed, self.nearest) = (path, place, found, allowed, nearest)
    }

    public var description: String {
        let what = place.map { "\(path): \($0)" } ?? path
        let hint = nearest.map { "\n  did you mean '\($0)'?" } ?? ""
        return "\(what): found \(found), allowed: \(allowed)\(hint)"
    }
}
