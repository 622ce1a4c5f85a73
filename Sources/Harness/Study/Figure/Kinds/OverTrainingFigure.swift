/// A score over training; without `by` over its steps.
package struct OverTrainingFigure: FigureKind {
    package static let name = "overTraining"
    package let of: String
    package let by: TrainingAxis?

    package var score: String? { of }
    package var need: FigureNeed? {
        FigureNeed("with 'evaluation.measurements' above 1") { $0.evaluation.measurements > 1 }
    }
}

extension FigureChoice {
    /// A score over training; without `by` over its steps.
    public static func overTraining(of score: String, by measure: TrainingAxis?) -> Self {
        Self(OverTrainingFigure(of: score, by: measure))
    }
}
