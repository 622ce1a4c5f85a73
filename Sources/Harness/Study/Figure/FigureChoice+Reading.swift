import FlowMaps
import Specification

extension FigureChoice {
    /// Reads a study's `figures`, a list of at least one.
    /// - Throws: `SpecError` for an unknown figure, and for one of a score, an axis or samples that no run of the
    ///   study has.
    static func read(_ section: SpecTree, runs: [Run], metrics: [String]) throws(SpecError) -> [FigureChoice] {
        guard let elements = section.sequence, !elements.isEmpty else {
            throw SpecError(
                section.mark, "wrong value for figures", found: section.summary,
                allowed: "a list of figures: \(CodingKeys.allCases.map(\.stringValue).joined(separator: ", "))")
        }
        var figures: [FigureChoice] = []
        for (index, element) in elements.enumerated() {
            let place = "figures[\(index)]"
            let figure = try StrictDecoder().decode(FigureChoice.self, from: element, at: place)
            try figure.check(against: runs, metrics: metrics, element.mark, place)
            guard !figures.contains(figure) else {
                throw SpecError(
                    element.mark, "wrong value for \(place)", found: "\(figure.name) again", allowed: "each figure once"
                )
            }
            figures.append(figure)
        }
        return figures
    }

    private func check(
        against runs: [Run], metrics: [String], _ mark: SpecMark, _ place: String
    ) throws(SpecError) {
        if let score = kind.score, !metrics.contains(score) {
            throw SpecError(mark, "unknown metric '\(score)' in \(place)", name: score, among: metrics)
        }
        try kind.check(against: runs, mark, place)
        guard let need = kind.need, !runs.contains(where: { need.isMet($0.specification) }) else { return }
        throw SpecError(mark, "no run of the study has what \(place) shows", found: name, allowed: need.words)
    }
}
