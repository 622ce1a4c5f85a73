/// A score against the evaluations that a sample costs.
package struct TradeOffFigure: FigureKind {
    package static let name = "tradeOff"
    package let of: String

    package var score: String? { of }
}

extension FigureChoice {
    /// A score against the evaluations that a sample costs.
    public static func tradeOff(of score: String) -> Self { Self(TradeOffFigure(of: score)) }
}
