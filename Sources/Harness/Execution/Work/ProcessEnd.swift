import Subprocess

/// The end of a process.
package enum ProcessEnd: Codable, Hashable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)

    init(_ status: TerminationStatus) {
        self =
            switch status {
            case .exited(let code): .exited(code)
            case .signaled(let signal): .killed(signal: signal)
            }
    }
}
