import Specification

extension Run {
    /// What is wrong with names that were read from a file; nil where they are such as a study has. They become parts of paths: one
    /// that begins with a slash or has ".." in it would lead out of the folder of results.
    package var nameFault: (found: String, allowed: String)? {
        if let allowed = StudyName.refusal(of: study) { return ("the study's name '\(study.onOneLine)'", allowed) }
        for coordinate in coordinates {
            guard isWord(coordinate.axis), isWord(coordinate.label) else {
                return ("the value '\(coordinate.axis)=\(coordinate.label)'".onOneLine, "letters, digits and . _ + -")
            }
            guard coordinate.number?.isFinite ?? true else {
                return ("the number \(coordinate.number ?? 0) of '\(coordinate.axis)'", "a finite number")
            }
        }
        let name = SweepPoint.name(of: coordinates)
        guard point == name, name.utf8.count <= SweepPoint.longestName else {
            return ("the run's name '\(point.onOneLine)'", "that of its values, '\(name)'")
        }
        return nil
    }
}
