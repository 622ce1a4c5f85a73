/// How a piece of work ended.
public enum StageResult: Codable, Hashable, Sendable {
    case done
    /// A run whose training left the finite numbers; its record says so.
    case diverged(String)
    /// The work failed of itself, and its journal says so: it is tried again when that is asked for.
    case failed(String)
    /// Files were in the way: a full disk, a damaged teacher. It is tried again by the next run.
    case obstructed(String)
    /// It was asked to stop, and goes on from its checkpoint in the next run.
    case stopped
}
