extension String {
    /// The text with a space for each control character and each mark that turns the direction of writing, so that it stays on one
    /// line, moves no cursor, rings no bell, and is read in the order in which it is written.
    package var onOneLine: String {
        // By scalars: CR and LF together are one Character, and so is a letter with what combines with it.
        let isControl = { (scalar: Unicode.Scalar) in
            scalar.properties.generalCategory == .control || scalar.isDirectionMark || scalar.isLineSeparator
        }
        guard unicodeScalars.contains(where: isControl) else { return self }
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars { scalars.append(isControl(scalar) ? " " : scalar) }
        return String(scalars)
    }
}

extension Unicode.Scalar {
    /// Whether it turns or isolates the direction of what stands behind it (Unicode's bidirectional controls): with them a text is
    /// shown as another than it is.
    package var isDirectionMark: Bool {
        switch value {
        case 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
        default: false
        }
    }

    fileprivate var isLineSeparator: Bool { value == 0x2028 || value == 0x2029 }
}

extension String {
    /// The text with each of its lines as `onOneLine` has it; lines may end with LF or with CR and LF.
    package var withoutControls: String {
        guard unicodeScalars.contains(where: { $0.value < 0x20 || $0.value >= 0x7F }) else { return self }
        return unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { line in
            line.last == "\r" ? String(line.dropLast()).onOneLine + "\r" : String(line).onOneLine
        }.joined(separator: "\n")
    }
}
