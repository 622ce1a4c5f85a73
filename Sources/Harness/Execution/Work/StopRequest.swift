import Synchronization

/// A wish that work ends before it is done, which many can see and act on.
public final class StopRequest: Sendable {
    public enum Urgency: Hashable, Sendable {
        /// With a checkpoint, so that nothing is lost.
        case afterCheckpoint
        case atOnce
    }

    private struct State {
        var urgency: Urgency?
        var next = 0
        var actions: [Int: @Sendable (Urgency) -> Void] = [:]
    }

    private let state = Mutex(State())

    public init() {}

    public var isRequested: Bool { state.withLock { $0.urgency != nil } }

    /// Asks for an end; all that wait for it are told, each time.
    public func request(_ urgency: Urgency = .afterCheckpoint) {
        let actions = state.withLock { state in
            state.urgency = urgency
            return state.actions.sorted { $0.key < $1.key }.map(\.value)
        }
        for action in actions { action(urgency) }
    }

    /// Has an action done at each request, and now if there was one already.
    /// - Returns: what `forget` takes to have it done no more.
    public func whenRequested(_ action: @escaping @Sendable (Urgency) -> Void) -> Int {
        let (token, urgency) = state.withLock { state in
            state.next += 1
            state.actions[state.next] = action
            return (state.next, state.urgency)
        }
        if let urgency { action(urgency) }
        return token
    }

    public func forget(_ token: Int) { state.withLock { $0.actions[token] = nil } }
}
