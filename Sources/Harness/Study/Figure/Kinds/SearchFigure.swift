import FlowMaps
import Specification

/// The results of searches over the evaluations spent: `searchScore` or `searchDistance`.
package struct SearchFigure: FigureKind {
    package static let name = "search"
    package let of: String

    package var need: FigureNeed? { FigureNeed("with 'evaluation.search'") { $0.evaluation.search != nil } }

    package func check(against runs: [Run], _ mark: SpecMark, _ place: String) throws(SpecError) {
        let known = [ScoreName.searchScore, ScoreName.searchDistance]
        guard known.contains(of) else {
            throw SpecError(mark, "unknown score '\(of)' of a search in \(place)", name: of, among: known)
        }
    }
}

extension FigureChoice {
    /// The results of searches over the evaluations spent: `searchScore` or `searchDistance`.
    public static func search(of score: String) -> Self { Self(SearchFigure(of: score)) }
}
