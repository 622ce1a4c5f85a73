/// A score against the cost of the training.
package struct CostFigure: FigureKind {
    package static let name = "cost"
    package let of: String
    package let by: TrainingAxis

    package var score: String? { of }
}

extension FigureChoice {
    /// A score against the cost of the training.
    public static func cost(of score: String, by measure: TrainingAxis) -> Self {
        Self(CostFigure(of: score, by: measure))
    }
}
