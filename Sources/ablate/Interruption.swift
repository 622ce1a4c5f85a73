import Dispatch
import Execution
import Foundation

/// Turns signals of the system into stop requests: the first requests a checkpoint and an end, the next an immediate
/// end.
final class Interruption {
    private let sources: [any DispatchSourceSignal]

    /// - Parameter atOnce: called at the second signal, after the request.
    init(
        _ stop: StopRequest, signals: [CInt],
        atOnce: @escaping @Sendable () -> Void = { _exit(Exit.interrupted.rawValue) }
    ) {
        sources = signals.map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                guard stop.isRequested else { return stop.request() }
                stop.request(.atOnce)
                atOnce()
            }
            source.resume()
            return source
        }
    }

    deinit { sources.forEach { $0.cancel() } }
}
