extension String {
    /// The columns the text takes on a terminal: two for East Asian wide characters and emoji, else one a character.
    var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// The beginning of the text in at most `width` columns, with an ellipsis for the rest.
    func shortened(to width: Int, _ lettering: Terminal.Lettering) -> String {
        guard displayWidth > width else { return self }
        let mark = lettering.ellipsis
        guard mark.displayWidth <= width else { return beginning(width) }
        return beginning(width - mark.displayWidth) + mark
    }

    /// The end of the text in at most `width` columns, with an ellipsis for the rest.
    func shortenedInFront(to width: Int, _ lettering: Terminal.Lettering) -> String {
        guard displayWidth > width else { return self }
        let mark = lettering.ellipsis
        let room = mark.displayWidth <= width ? width - mark.displayWidth : width
        var used = 0
        let end = reversed().prefix {
            used += $0.displayWidth
            return used <= room
        }
        return (mark.displayWidth <= width ? mark : "") + String(end.reversed())
    }

    private func beginning(_ width: Int) -> String {
        var used = 0
        return String(
            prefix {
                used += $0.displayWidth
                return used <= width
            })
    }
}

extension Character {
    fileprivate var displayWidth: Int {
        guard let scalar = unicodeScalars.first else { return 0 }
        return Self.wideRanges.contains { $0.contains(scalar.value) } ? 2 : 1
    }

    /// The blocks whose characters are all or nearly all wide in Unicode's EastAsianWidth table.
    private static let wideRanges: [ClosedRange<UInt32>] = [
        0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
        0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1FAFF, 0x20000...0x3FFFD,
    ]
}
