import Foundation
import Synchronization

/// Notices that nothing was heard for too long, by a clock that neither jumps nor goes on while the machine sleeps.
final class SilenceWatch: Sendable {
    private struct State {
        var last = SuspendingClock.now
        var isOver = false
        var isEnded = false
    }

    private let state = Mutex(State())
    private let task = Mutex<Task<Void, Never>?>(nil)

    /// - Parameters:
    ///   - seconds: of silence that are too long; 0 for no watch.
    ///   - act: done once, when it is too long.
    init(seconds: Double, _ act: @escaping @Sendable () -> Void) {
        guard seconds > 0 else { return }
        let bound = Duration.seconds(seconds)
        let watch = Task { [weak self] in
            while !Task.isCancelled {
                guard let wait = self?.timeLeft(of: bound) else { return }
                if wait <= .zero {
                    act()
                    return
                }
                try? await Task.sleep(for: wait, clock: .suspending)
            }
        }
        task.withLock { $0 = watch }
    }

    /// Something was heard.
    func heard() { state.withLock { $0.last = .now } }

    /// Whether it was silent for too long.
    var isOver: Bool { state.withLock { $0.isOver } }

    /// Watches no longer.
    func end() {
        state.withLock { $0.isEnded = true }
        task.withLock { $0?.cancel() }
    }

    /// Nil where nobody watches any more.
    private func timeLeft(of bound: Duration) -> Duration? {
        state.withLock { state in
            guard !state.isEnded else { return nil }
            let left = bound - state.last.duration(to: .now)
            if left <= .zero { state.isOver = true }
            return left
        }
    }
}
