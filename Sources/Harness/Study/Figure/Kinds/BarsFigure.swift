/// A score of each arm as a bar.
package struct BarsFigure: FigureKind {
    package static let name = "bars"
    package let of: String

    package var score: String? { of }
}

extension FigureChoice {
    /// A score of each arm as a bar.
    public static func bars(of score: String) -> Self { Self(BarsFigure(of: score)) }
}
