/// Densities of samples in the plane over training.
package struct PlaneOverTrainingFigure: FigureKind {
    package static let name = "planeOverTraining"

    package var need: FigureNeed? {
        FigureNeed("with data in the plane and 'evaluation.sampleSnapshots'") {
            $0.isPlanar && $0.evaluation.sampleSnapshots != nil
        }
    }
}

extension FigureChoice {
    /// Densities of samples in the plane over training.
    public static let planeOverTraining = FigureChoice(PlaneOverTrainingFigure())
}
