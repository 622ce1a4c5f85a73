import Specification

/// The state of a progress display: takes events and the time, gives the text to write.
struct ProgressBoard {
    /// Seconds between two drawings of the block.
    private static let drawInterval = 0.1
    /// Seconds between two plain lines of one task.
    private static let lineInterval = 10.0
    /// How many tasks have a line of the block: a block higher than the window could not be drawn over.
    private static let mostTasks = 8

    private let total: Int
    private let noun: String
    private let medium: ProgressDisplay.Medium
    private let start: Double
    /// In the order of their beginnings.
    private var running: [ProgressTask] = []
    private var endedCount = 0
    /// What this display has seen done, in tasks; what a task had behind it when it began is not in it.
    private var endedWork = 0.0
    private var block = ProgressBlock()
    private var lastDrawing = -Double.infinity

    init(total: Int, noun: String, medium: ProgressDisplay.Medium, start: Double) {
        self.total = total
        self.noun = noun
        self.medium = medium
        self.start = start
    }

    mutating func begin(_ name: String, steps: Int, from first: Int, at time: Double) -> String {
        let name = name.onOneLine
        running.removeAll { $0.name == name }
        running.append(ProgressTask(name: name, steps: steps, first: first, begin: time))
        let range = steps > 0 ? first > 0 ? ", from step \(first) of \(steps)" : ", \(steps) steps" : ""
        return show(line: "\(name): begun\(range)", in: .plainLines, at: time)
    }

    mutating func advance(_ name: String, step: Int, of steps: Int, detail: String, at time: Double) -> String {
        let name = name.onOneLine
        guard let index = running.firstIndex(where: { $0.name == name }) else { return "" }
        running[index].step = step
        running[index].steps = steps
        running[index].detail = detail.onOneLine
        switch medium {
        case .terminal: return drawIfDue(at: time)
        case .lines:
            guard time - running[index].lastLine >= Self.lineInterval else { return "" }
            running[index].lastLine = time
            return running[index].plainLine(at: time) + "\n"
        }
    }

    mutating func end(_ name: String, outcome: String, at time: Double) -> String {
        let name = name.onOneLine
        if let index = running.firstIndex(where: { $0.name == name }) {
            endedWork += 1 - running.remove(at: index).firstFraction
        }
        endedCount += 1
        let line = "\(name): \(outcome.onOneLine)"
        if case .terminal = medium { return show(line: line, in: .everyMedium, at: time) }
        let overall = overall(at: time, .unicode).map { " (\($0))" } ?? ""
        return show(line: line + overall, in: .everyMedium, at: time)
    }

    mutating func note(_ line: String, at time: Double) -> String {
        show(line: line.onOneLine, in: .everyMedium, at: time)
    }

    mutating func refresh(at time: Double) -> String { drawIfDue(at: time) }

    mutating func finish() -> String {
        running = []
        guard case .terminal(let width, _, _) = medium else { return "" }
        return block.erase(width: width())
    }
}

extension ProgressBoard {
    private enum Audience { case plainLines, everyMedium }

    /// A line that stays. The block is taken away for it, and is back with the next drawing that is due.
    private mutating func show(line: String, in audience: Audience, at time: Double) -> String {
        switch (medium, audience) {
        case (.lines, _): line + "\n"
        case (.terminal, .plainLines): drawIfDue(at: time)
        case (.terminal(let width, _, _), .everyMedium): block.erase(width: width()) + line + "\n" + drawIfDue(at: time)
        }
    }

    private mutating func drawIfDue(at time: Double) -> String {
        guard case .terminal(let columns, let lettering, let style) = medium, time - lastDrawing >= Self.drawInterval
        else { return "" }
        lastDrawing = time
        let width = columns()
        // The last column stays free: some terminals break the line when it is filled.
        let room = max(width - 1, 1)
        let shown = running.prefix(Self.mostTasks)
        let nameWidth = min(shown.map(\.name.displayWidth).max() ?? 0, max(room / 3, 1))
        var lines = shown.map { $0.barLine(at: time, nameWidth: nameWidth, lettering) }
        if running.count > shown.count { lines.append("and \(running.count - shown.count) more") }
        lines = lines.map { $0.shortened(to: room, lettering) }
        if let overall = overall(at: time, lettering)?.shortened(to: room, lettering) {
            lines.append(overall)
            return block.draw(lines, painted: lines.dropLast() + [style.paint(overall, .bold)], width: width)
        }
        return block.draw(lines, painted: lines, width: width)
    }

    /// "3 of 6 runs, 0:45 left"; nil if the total is not known.
    ///
    /// The time left is the time so far times what is to do over what is done, in tasks, of which running ones count by
    /// their steps.
    private func overall(at time: Double, _ lettering: Terminal.Lettering) -> String? {
        guard total > 0 else { return nil }
        let count = "\(endedCount) of \(total) \(noun)"
        let done = running.reduce(endedWork) { $0 + $1.fraction - $1.firstFraction }
        let open = running.reduce(Double(total - endedCount)) { $0 - $1.fraction }
        guard done > 0, open > 0, time > start else { return count }
        return count + ", \(NumberFormat.clock(seconds: (time - start) / done * open, lettering: lettering)) left"
    }
}
