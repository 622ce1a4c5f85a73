import Specification

extension Table {
    /// The table for a terminal of `width` columns; what fits as it is, is as `text(_:style:)` makes it.
    ///
    /// Titles are broken into lines first. Then columns are left out, those of the least importance first, and named under the table.
    /// Where the columns that always stay are wider still, their texts go on in further lines. A table of paragraphs has each row's
    /// first two cells on a line and the others below.
    ///
    /// - Parameter room: in terminal columns; nil leaves every line as long as it is.
    public func text(
        _ lettering: Terminal.Lettering = .unicode, style: Terminal.Style = .plain, fitting room: Int?
    ) -> String {
        if layout == .paragraphs { return paragraphs(lettering, style, width: room) }
        guard let room else { return text(lettering, style: style) }
        let width = max(room, Self.narrowest), lettered = lettered(lettering).mapped(\.onOneLine)
        let natural = lettered.widths()
        guard Self.total(natural) > width else {
            return text(lettering, style: style, notes: notes.flatMap { $0.onOneLine.wrapped(to: width) })
        }
        let (kept, left) = chosen(lettered, width)
        var widths = kept.map { leastWidth(lettered, $0) }
        widen(&widths, of: kept, to: columns.indices.map { Self.cellWidth(lettered, $0) }, within: width)
        widen(&widths, of: kept, to: natural, within: width)
        narrow(&widths, of: kept, lettered, within: width)
        var lines = block(kept.map { lettered.titles[$0] }, kept, widths).map { style.paint($0, .bold) }
        lines.append(widths.map { String(repeating: lettering.rule, count: $0) }.joined(separator: Self.gap))
        for row in lettered.rows { lines += block(kept.map { row[$0] }, kept, widths) }
        if !left.isEmpty {
            let names = left.map { columns[$0].title }.joined(separator: ", ")
            lines += "Too wide for \(width) columns: \(names).".wrapped(to: width)
        }
        lines += notes.flatMap { $0.onOneLine.wrapped(to: width) }
        return lines.map { $0 + "\n" }.joined()
    }

    /// Narrower terminals get lines of this width.
    private static let narrowest = 20
    private static let gap = "  "
    /// A column of text is not made narrower than this.
    private static let narrowestText = 8

    private static func total(_ widths: [Int]) -> Int { widths.reduce(0, +) + gap.count * max(0, widths.count - 1) }

    /// The width in which no cell is broken, and no word of the title.
    private static func cellWidth(_ lettered: Lettered, _ column: Int) -> Int {
        let words = lettered.titles[column].split(separator: " ").map { String($0).displayWidth }
        return lettered.rows.map { $0[column].displayWidth }.reduce(words.max() ?? 0, max)
    }

    /// The width that a column takes before another is left out: that of its cells, and of texts so much that they read well.
    private func leastWidth(_ lettered: Lettered, _ column: Int) -> Int {
        let width = Self.cellWidth(lettered, column)
        return columns[column].alignment == .left ? min(width, Self.readableText) : width
    }

    /// Texts of more columns are broken into lines before a column of numbers is left out.
    private static let readableText = 20

    /// The columns that fit, and those that do not, each in the order of the table.
    private func chosen(_ lettered: Lettered, _ width: Int) -> (kept: [Int], left: [Int]) {
        var kept = Array(columns.indices), left: [Int] = []
        let least = kept.map { leastWidth(lettered, $0) }
        while Self.total(kept.map { least[$0] }) > width {
            guard
                let last = kept.filter({ columns[$0].importance > 0 }).max(by: {
                    (columns[$0].importance, $0) < (columns[$1].importance, $1)
                })
            else { break }
            kept.removeAll { $0 == last }
            left.append(last)
        }
        return (kept, left.sorted())
    }

    /// Gives columns room up to these widths, from the left, as far as there is some.
    private func widen(_ widths: inout [Int], of kept: [Int], to natural: [Int], within width: Int) {
        for (place, column) in kept.enumerated() {
            let room = width - Self.total(widths)
            guard room > 0 else { return }
            widths[place] += max(0, min(room, natural[column] - widths[place]))
        }
    }

    /// Takes room from the widest texts until all columns fit, or no text can be narrower.
    private func narrow(_ widths: inout [Int], of kept: [Int], _ lettered: Lettered, within width: Int) {
        let isText = kept.map { columns[$0].alignment == .left }
        while Self.total(widths) > width {
            guard
                let widest = widths.indices.filter({ isText[$0] && widths[$0] > Self.narrowestText })
                    .max(by: { (widths[$0], $1) < (widths[$1], $0) })
            else { return }
            widths[widest] -= 1
        }
    }

    /// The lines of a row whose cells are broken into columns of these widths.
    private func block(_ cells: [String], _ kept: [Int], _ widths: [Int]) -> [String] {
        let broken = zip(cells, widths).map { $0.wrapped(to: $1) }
        let height = broken.map(\.count).max() ?? 1
        return (0..<height).map { line in
            let parts = zip(zip(broken, kept), widths).map { cell, width in
                (line < cell.0.count ? cell.0[line] : "").padded(to: width, columns[cell.1].alignment)
            }
            return parts.joined(separator: Self.gap).withoutTrailingSpaces
        }
    }

    /// Each row as a paragraph: its second cell and its first on a line, the others below, indented, with their titles where they are
    /// numbers.
    private func paragraphs(_ lettering: Terminal.Lettering, _ style: Terminal.Style, width: Int?) -> String {
        let lettered = lettered(lettering).mapped(\.onOneLine)
        let lead = lettered.rows.map { $0[1].displayWidth }.max() ?? 0
        let room = width.map { max($0, Self.narrowest + lead) - lead - Self.gap.count } ?? .max
        let indent = String(repeating: " ", count: lead) + Self.gap
        var lines: [String] = []
        for (texts, row) in zip(lettered.rows, rows) {
            let head = texts[0].wrapped(to: room)
            lines.append(texts[1].padded(to: lead) + Self.gap + style.paint(head[0], .bold))
            lines += head.dropFirst().map { indent + style.paint($0, .bold) }
            let facts = row.indices.dropFirst(2).filter { if case .missing = row[$0] { false } else { true } }.map {
                columns[$0].alignment == .left ? texts[$0] : "\(lettered.titles[$0]): \(texts[$0])"
            }
            lines += facts.joined(separator: "; ").wrapped(to: room).filter { !$0.isEmpty }.map { indent + $0 }
        }
        lines += notes.flatMap { note in width.map { note.onOneLine.wrapped(to: $0) } ?? [note.onOneLine] }
        return lines.map { $0.withoutTrailingSpaces + "\n" }.joined()
    }
}

extension String {
    /// The text in lines of at most `width` terminal columns, broken at spaces; a word that is wider is broken anywhere, behind a
    /// comma where there is one. At least one line.
    func wrapped(to width: Int) -> [String] {
        guard displayWidth > width else { return [self] }
        var lines: [String] = [], line = ""
        for word in split(separator: " ", omittingEmptySubsequences: true).flatMap({ String($0).pieces(of: width) }) {
            if line.isEmpty {
                line = word.text
            } else if word.isContinued || line.displayWidth + 1 + word.text.displayWidth > width {
                lines.append(line)
                line = word.text
            } else {
                line += " " + word.text
            }
        }
        return lines + [line]
    }

    /// A word in pieces that fit, each but the first continuing the one before.
    private func pieces(of width: Int) -> [(text: String, isContinued: Bool)] {
        guard displayWidth > width else { return [(self, false)] }
        var pieces: [(String, Bool)] = [], rest = Substring(self)
        while String(rest).displayWidth > width {
            var used = 0
            let fitting = rest.prefix {
                used += String($0).displayWidth
                return used <= width
            }
            let mark = fitting.lastIndex { ",/_-+=".contains($0) }.map { rest.index(after: $0) }
            let end =
                [mark, fitting.endIndex].compactMap { $0 }.first { $0 > rest.startIndex }
                ?? rest.index(after: rest.startIndex)
            pieces.append((String(rest[..<end]), !pieces.isEmpty))
            rest = rest[end...]
        }
        return rest.isEmpty ? pieces : pieces + [(String(rest), !pieces.isEmpty)]
    }
}
