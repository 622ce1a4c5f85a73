/// The drift of students from the teacher's path.
package struct DriftFigure: FigureKind {
    package static let name = "drift"

    package var need: FigureNeed? {
        FigureNeed("with 'drift' among 'evaluation.metrics', or all metrics") {
            $0.evaluation.measuresDrift ?? true
        }
    }
}

extension FigureChoice {
    /// The drift of students from the teacher's path.
    public static let drift = FigureChoice(DriftFigure())
}
