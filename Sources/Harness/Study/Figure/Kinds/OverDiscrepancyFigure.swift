/// A score over the distance of the data from the teacher's samples.
package struct OverDiscrepancyFigure: FigureKind {
    package static let name = "overDiscrepancy"
    package let of: String

    package var score: String? { of }
}

extension FigureChoice {
    /// A score over the distance of the data from the teacher's samples.
    public static func overDiscrepancy(of score: String) -> Self { Self(OverDiscrepancyFigure(of: score)) }
}
