/// Densities of samples in the plane.
package struct PlaneFigure: FigureKind {
    package static let name = "plane"

    package var need: FigureNeed? {
        FigureNeed("with data in the plane and 'evaluation.savedSamples' above 0") {
            $0.isPlanar && $0.evaluation.savedSamples > 0
        }
    }
}

extension FigureChoice {
    /// Densities of samples in the plane.
    public static let plane = FigureChoice(PlaneFigure())
}

extension RunSpecification {
    /// The samples are points of the plane.
    var isPlanar: Bool { data.image == nil && data.dimension == 2 }
}
