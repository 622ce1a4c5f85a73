import Specification
import Synchronization

/// The identities of stages that this process has computed. A stage is encoded and hashed for its identity, which takes a hundred
/// times as long as finding it in here by its value; a plan asks for that of a run's training several times.
enum KnownIdentities {
    private static let known = Mutex<[Stage: Identity]>([:])
    /// Stages that are remembered at a time: more than the largest sweep has, in some tens of megabytes.
    private static let most = 30_000

    /// The identity of a stage, computed where it is asked for the first time.
    static func identity(of stage: Stage, computing compute: () -> Identity) -> Identity {
        if let identity = known.withLock({ $0[stage] }) { return identity }
        let identity = compute()
        known.withLock {
            if $0.count >= most { $0.removeAll() }
            $0[stage] = identity
        }
        return identity
    }
}
