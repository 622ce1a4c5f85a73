/// The lines at the bottom of a terminal that are drawn over.
struct ProgressBlock {
    /// The columns of each line of the block on the screen.
    private var widths: [Int] = []

    /// The text that removes the block and leaves the cursor where it began; empty if there is none.
    /// - Parameter width: the window's columns now. If it became narrower, the terminal has broken the lines, and the
    ///   cursor has further to go.
    mutating func erase(width: Int) -> String {
        guard !widths.isEmpty else { return "" }
        let width = max(width, 1)
        let height = widths.reduce(0) { $0 + max(1, ($1 + width - 1) / width) }
        widths = []
        // CR, cursor up, erase to the end of the screen.
        return "\r\u{1B}[\(height)A\u{1B}[J"
    }

    /// The text that puts `painted` in the block's place; `lines` are the same without colours.
    mutating func draw(_ lines: [String], painted: [String], width: Int) -> String {
        let text = erase(width: width) + painted.map { $0 + "\n" }.joined()
        widths = lines.map(\.displayWidth)
        return text
    }
}
