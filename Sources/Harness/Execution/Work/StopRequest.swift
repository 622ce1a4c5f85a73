import Synchronization

/// A shared, thread-safe cancellation token.
public final class StopRequest: Sendable {
    /// The urgency of a stop.
    public enum Urgency: Hashable, Sendable {
        /// Stop after a checkpoint, so that nothing is lost.
        case afterCheckpoint
        /// Stop immediately.
        case atOnce
    }

    private struct State {
        var urgency: Urgency?
        var next = 0
        var actions: [Int: @Sendable (Urgency) -> Void] = [:]
    }

    private let state = Mutex(State())

    /// A token that is not cancelled.
    public init() {}

    /// A stop was requested.
    public var isRequested: Bool { state.withLock { $0.urgency != nil } }

    /// Requests a stop; every registered action is called, each time.
    public func request(_ urgency: Urgency = .afterCheckpoint) {
        let actions = state.withLock { state in
            state.urgency = urgency
            return state.actions.sorted { $0.key < $1.key }.map(\.value)
        }
        for action in actions { action(urgency) }
    }

    /// Registers an action for each request, and calls it now if there was one already.
    /// - Returns: a token for `forget`.
    public func whenRequested(_ action: @escaping @Sendable (Urgency) -> Void) -> Int {
        let (token, urgency) = state.withLock { state in
            state.next += 1
            state.actions[state.next] = action
            return (state.next, state.urgency)
        }
        if let urgency { action(urgency) }
        return token
    }

    /// Removes an action.
    public func forget(_ token: Int) { state.withLock { $0.actions[token] = nil } }
}
