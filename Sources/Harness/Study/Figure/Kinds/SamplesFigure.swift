/// Rows of images from the same noise.
package struct SamplesFigure: FigureKind {
    package static let name = "samples"

    package var need: FigureNeed? {
        FigureNeed("with images as data and 'evaluation.savedSamples' above 0") {
            $0.data.image != nil && $0.evaluation.savedSamples > 0
        }
    }
}

extension FigureChoice {
    /// Rows of images from the same noise.
    public static let samples = FigureChoice(SamplesFigure())
}
