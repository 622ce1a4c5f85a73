import Results
import Study

/// A kind of figure that is drawn; each of `FigureChoice.kinds` is one.
package protocol DrawnFigure: FigureKind {
    /// The figure, or one of its kind for each number of steps that samples were made in; none where the records have
    /// no data for it.
    /// - Parameter records: at least one, all of them done, one of which has the figure's score.
    func plots(_ records: [Record]) -> [Plot]
}

extension FigureChoice {
    /// The figure's plots; none where the records have no data for it.
    /// - Parameter records: at least one, all of them done.
    func plots(_ records: [Record]) -> [Plot] {
        guard let figure = kind as? any DrawnFigure else { preconditionFailure("nothing draws the figure \(name)") }
        if let score = kind.score, !records.contains(where: { $0.evaluation.last[score] != nil }) { return [] }
        return figure.plots(records)
    }
}
