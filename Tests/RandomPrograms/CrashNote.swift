import Glibc

/// A line on standard error when a signal ends the process: a failed precondition of the engine cannot be caught, but the seed that
/// leads there can be told.
enum CrashNote {
    nonisolated(unsafe) private static let text = UnsafeMutablePointer<CChar>.allocate(capacity: room)
    private static let room = 256
    private static let signals = [SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT]

    /// Tells `note` if the process ends in `body`; for one test at a time.
    static func during<Result>(_ note: String, _ body: () throws -> Result) rethrows -> Result {
        _ = strncpy(text, note + "\n", room - 1)
        let before = signals.map { kind in
            var telling = sigaction(), before = sigaction()
            telling.__sigaction_handler.sa_handler = { number in
                write(STDERR_FILENO, CrashNote.text, strlen(CrashNote.text))
                signal(number, SIG_DFL)
                raise(number)
            }
            sigaction(kind, &telling, &before)
            return before
        }
        defer {
            for (kind, var action) in zip(signals, before) { sigaction(kind, &action, nil) }
        }
        return try body()
    }
}
