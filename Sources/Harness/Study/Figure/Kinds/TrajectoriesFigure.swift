/// Ways from noise to data in the plane.
package struct TrajectoriesFigure: FigureKind {
    package static let name = "trajectories"

    package var need: FigureNeed? {
        FigureNeed("with 'evaluation.trajectories'") {
            $0.evaluation.trajectories != nil
        }
    }
}

extension FigureChoice {
    /// Ways from noise to data in the plane.
    public static let trajectories = FigureChoice(TrajectoriesFigure())
}
