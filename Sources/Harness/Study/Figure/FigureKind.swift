import Specification

/// A kind of figure that a study may ask for: `{bars: {of: recall}}`.
///
/// Each is a type in a file of its own, listed in `FigureChoice.kinds`; its stored properties are the keys in a study. A
/// `DrawnFigure` of Reporting draws it.
package protocol FigureKind: NamedKind {
    /// The metric's score that it shows; nil where it shows none.
    var score: String? { get }
    /// What some run of the study must have for it; nil where every run has the data.
    var need: FigureNeed? { get }
    /// Refuses names that the runs do not have.
    /// - Throws: `SpecError` at a mark and a place of the study.
    func check(against runs: [Run], _ mark: SpecMark, _ place: String) throws(SpecError)
}

extension FigureKind {
    package var score: String? { nil }
    package var need: FigureNeed? { nil }
    package func check(against runs: [Run], _ mark: SpecMark, _ place: String) throws(SpecError) {}
}

/// A setting that some run must have for a figure.
package struct FigureNeed {
    /// The setting in words: "with 'evaluation.search'".
    let words: String
    let isMet: (RunSpecification) -> Bool

    package init(_ words: String, _ isMet: @escaping (RunSpecification) -> Bool) {
        (self.words, self.isMet) = (words, isMet)
    }
}
