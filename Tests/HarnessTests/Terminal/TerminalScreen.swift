import Synchronization

/// What a test's progress display writes, and the clock it reads.
final class TerminalScreen: Sendable {
    private let state = Mutex((pieces: [String](), seconds: 0.0, columns: 80))

    var seconds: Double {
        get { state.withLock { $0.seconds } }
        set { state.withLock { $0.seconds = newValue } }
    }

    var columns: Int {
        get { state.withLock { $0.columns } }
        set { state.withLock { $0.columns = newValue } }
    }

    func write(_ text: String) { state.withLock { $0.pieces.append(text) } }

    /// What was written since the last call, a piece a call of `write`.
    func take() -> [String] {
        state.withLock { state in
            defer { state.pieces = [] }
            return state.pieces
        }
    }

    /// What a terminal of that many columns shows after `text`, a line an element.
    ///
    /// Knows text, line feed, carriage return, cursor up and erase to the end; other sequences do nothing.
    static func shown(_ text: String, columns: Int) -> [String] {
        var rows: [[Character]] = [[]]
        var (row, column) = (0, 0)
        var rest = Substring(text)
        while let character = rest.popFirst() {
            switch character {
            case "\n": (row, column) = (row + 1, 0)
            case "\r": column = 0
            case "\u{1B}":
                let sequence = rest.prefix { !$0.isLetter }
                rest = rest.dropFirst(sequence.count)
                switch rest.popFirst() {
                case "A": row = max(0, row - (Int(sequence.dropFirst()) ?? 1))
                case "J":
                    rows = Array(rows.prefix(row + 1))
                    rows[row] = Array(rows[row].prefix(column))
                default: break
                }
            default:
                if column == columns { (row, column) = (row + 1, 0) }
                while rows.count <= row { rows.append([]) }
                while rows[row].count <= column { rows[row].append(" ") }
                rows[row][column] = character
                column += 1
            }
            while rows.count <= row { rows.append([]) }
        }
        return rows.map { String($0) }
    }
}
