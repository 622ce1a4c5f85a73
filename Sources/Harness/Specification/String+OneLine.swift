extension String {
    /// The text with a space for each control character, so that it stays on one line and moves no cursor.
    package var onOneLine: String {
        // By scalars: CR and LF together are one Character, and so is a letter with what combines with it.
        let isControl = { (scalar: Unicode.Scalar) in scalar.properties.generalCategory == .control }
        guard unicodeScalars.contains(where: isControl) else { return self }
        var scalars = String.UnicodeScalarView()
        for scalar in unicodeScalars { scalars.append(isControl(scalar) ? " " : scalar) }
        return String(scalars)
    }
}
