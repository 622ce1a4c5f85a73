import Synchronization

/// Shows the progress of several tasks: a block of lines that is drawn over, or plain lines.
///
/// Events may come from any thread and cross each other: an `advance` that comes after its task's `end` is ignored,
/// and an `end` without a `begin` is shown and counted, as for a result that was found finished. Drawing happens only
/// in response to an event, so a caller with silent tasks calls `refresh` now and then.
package final class ProgressDisplay: Sendable {
    /// The medium that the lines are written to.
    package enum Medium: Sendable {
        /// A terminal: a line with a bar for each running task and one for all, drawn over at most 10 times a second
        /// and removed at the end; permanent lines scroll away above. `width` gives the number of columns before each
        /// drawing, and no line is longer.
        case terminal(width: @Sendable () -> Int, lettering: Terminal.Lettering, style: Terminal.Style)
        /// A file or a pipe: one line for each beginning and end, and between them one a task at most every 10 s.
        case lines
    }

    private let board: Mutex<ProgressBoard>
    private let now: @Sendable () -> Double
    private let write: @Sendable (String) -> Void

    /// A display of no task; the time that is left counts from here.
    ///
    /// - Parameters:
    ///   - total: the number of tasks; 0 if unknown, which leaves out the line for all.
    ///   - noun: the name of the tasks in "3 of 6 runs".
    ///   - now: seconds since some moment, never falling.
    ///   - write: takes whole lines and control sequences as they are; called by one thread at a time, and must not call
    ///     the display.
    package init(
        total: Int, noun: String = "runs", medium: Medium, now: @escaping @Sendable () -> Double,
        write: @escaping @Sendable (String) -> Void
    ) {
        precondition(total >= 0, "\(total) tasks will end")
        self.now = now
        self.write = write
        board = Mutex(ProgressBoard(total: total, noun: noun, medium: medium, start: now()))
    }

    /// A task begins.
    ///
    /// - Parameters:
    ///   - task: its name, by which its other events find it; one that runs already begins anew.
    ///   - steps: the number of its steps; 0 if unknown.
    ///   - start: the steps done in an earlier process, which do not count for its rate.
    package func begin(_ task: String, steps: Int, from start: Int = 0) {
        update { $0.begin(task, steps: steps, from: start, at: $1) }
    }

    /// A task has done `step` of `steps` steps; `detail` is a further short status, such as "loss 0.12".
    package func advance(_ task: String, step: Int, of steps: Int, detail: String = "") {
        update { $0.advance(task, step: step, of: steps, detail: detail, at: $1) }
    }

    /// A task has ended, well or not; the line with its outcome stays.
    package func end(_ task: String, outcome: String) {
        update { $0.end(task, outcome: outcome, at: $1) }
    }

    /// Prints another line that stays, without breaking the block.
    package func note(_ line: String) {
        update { $0.note(line, at: $1) }
    }

    /// Draws the block with the current time.
    package func refresh() {
        update { $0.refresh(at: $1) }
    }

    /// Removes the block and forgets the running tasks; to be called at the end, an end by an error too.
    package func finish() {
        update { board, _ in board.finish() }
    }

    private func update(_ event: (inout ProgressBoard, Double) -> String) {
        board.withLock { board in
            let text = event(&board, now())
            // Written under the lock: pieces of two threads in the wrong order would spoil the block.
            if !text.isEmpty { write(text) }
        }
    }
}
