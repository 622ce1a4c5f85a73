import Specification
import Study

/// The status of a stage.
public enum StageStatus: Hashable, Sendable {
    case done
    /// A record of the same identity lies under another name, and only has to be taken over.
    case elsewhere(String)
    case pending
    /// It failed, with the cause, and is executed again only on request.
    case failed(String)
}

extension ResultsFolder {
    /// The status of a stage, under its own name.
    package func status(_ stage: Stage) -> StageStatus { status(stage, stage.identity) }

    /// The same where the identity is known.
    package func status(_ stage: Stage, _ identity: Identity) -> StageStatus {
        guard let journal = try? Journal.read(journal(stage)), journal.identity == identity else { return .pending }
        switch journal.state {
        case .open: return .pending
        case .failed(let cause): return .failed(cause)
        case .sealed(let hash):
            let product = product(stage)
            return FileBytes.hash(product) == hash && !Self.isOfOtherLayout(product) ? .done : .pending
        }
    }
}
