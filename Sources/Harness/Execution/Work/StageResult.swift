/// The result of executing a stage.
public enum StageResult: Codable, Hashable, Sendable {
    case done
    /// A run whose loss is not finite any more; its record says so.
    case diverged(String)
    /// The stage failed, and its journal says so: it is executed again only on request.
    case failed(String)
    /// A file or the disk prevented it: a full disk, a damaged teacher. The next run executes it again.
    case obstructed(String)
    /// A stop request ended it; the next run resumes from its checkpoint.
    case stopped
}
