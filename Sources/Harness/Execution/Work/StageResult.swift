/// The result of executing a stage.
public enum StageResult: Codable, Hashable, Sendable {
    case done
    /// Numbers are not finite any more: of a run, whose record says so, or of a stage before it, whose journal does.
    case diverged(String)
    /// The stage failed, and its journal says so: it is executed again only on request.
    case failed(String)
    /// A file or the disk prevented it: a full disk, a damaged teacher. The next run executes it again.
    case obstructed(String)
    /// A stop request ended it; the next run resumes from its checkpoint.
    case stopped
}

extension StageResult {
    /// Begins the cause of a failure in the journal of a stage that diverged.
    private static let mark = "diverged: "

    /// The cause as a journal has it; nil where the stage did not fail.
    var failure: String? {
        switch self {
        case .failed(let cause): cause
        case .diverged(let cause): Self.mark + cause
        case .done, .obstructed, .stopped: nil
        }
    }

    /// What a stage came to that failed in an earlier run for the cause in its journal.
    init(before cause: String) {
        self =
            cause.hasPrefix(Self.mark)
            ? .diverged(String(cause.dropFirst(Self.mark.count)))
            : .failed("before: \(cause); --retry-failed tries again")
    }
}
