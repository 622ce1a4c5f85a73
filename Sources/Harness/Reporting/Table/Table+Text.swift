import Specification

extension Table {
    /// The table for a terminal: titles, a rule, and a line a row, two spaces between columns.
    ///
    /// Never wraps. Control characters in a text, line breaks too, become spaces. Ends with a line break.
    ///
    /// - Parameters:
    ///   - lettering: the characters of rules, of ± and of the dash of a missing cell; texts stay as they are.
    ///   - style: whether the titles are set off.
    public func text(_ lettering: Terminal.Lettering = .unicode, style: Terminal.Style = .plain) -> String {
        text(lettering, style: style, notes: notes.map(\.onOneLine))
    }

    /// The same with other lines under it.
    func text(_ lettering: Terminal.Lettering, style: Terminal.Style, notes: [String]) -> String {
        let lettered = lettered(lettering).mapped(\.onOneLine)
        let widths = lettered.widths()
        func line(_ cells: [String]) -> String {
            let padded = zip(zip(cells, columns), widths).map { cell, width in
                cell.0.padded(to: width, cell.1.alignment)
            }
            return padded.joined(separator: "  ").withoutTrailingSpaces
        }
        let rule = widths.map { String(repeating: lettering.rule, count: $0) }.joined(separator: "  ")
        let lines = [style.paint(line(lettered.titles), .bold), rule] + lettered.rows.map(line)
        return (lines + notes).map { $0 + "\n" }.joined()
    }
}

extension String {
    /// The text with spaces up to `width` terminal columns; as it is where it is wider.
    func padded(to width: Int, _ alignment: Table.Alignment = .left) -> String {
        let space = max(0, width - displayWidth)
        let before =
            switch alignment {
            case .left: 0
            case .right: space
            case .center: space / 2
            }
        return String(repeating: " ", count: before) + self + String(repeating: " ", count: space - before)
    }

    var withoutTrailingSpaces: String {
        String(self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)])
    }
}
