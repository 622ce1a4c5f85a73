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
                allowed: "a list of figures: \(CodingKeys.allCases.map(\.rawValue).joined(separator: ", "))")
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
        if let metric, !metrics.contains(metric) {
            throw SpecError(mark, "unknown metric '\(metric)' in \(place)", name: metric, among: metrics)
        }
        if case .search(let score) = self {
            let known = [ScoreName.searchScore, ScoreName.searchDistance]
            guard known.contains(score) else {
                throw SpecError(mark, "unknown score '\(score)' of a search in \(place)", name: score, among: known)
            }
        }
        if case .along(let axis, _) = self {
            guard runs.axes.contains(axis) else {
                throw SpecError(mark, "unknown axis '\(axis)' in \(place)", name: axis, among: runs.axes)
            }
            let numbers = Set(runs.compactMap { run in run.coordinates.first { $0.axis == axis }?.number })
            guard numbers.count > 1 else {
                throw SpecError(
                    mark, "axis '\(axis)' in \(place) has no order", found: "\(numbers.count) values that are numbers",
                    allowed: "an axis of at least 2 numbers")
            }
        }
        if case .heat(_, let x, let y, let arm, let than) = self {
            for axis in [x, y] + arm.keys.sorted() + than.keys.sorted() where !runs.axes.contains(axis) {
                throw SpecError(mark, "unknown axis '\(axis)' in \(place)", name: axis, among: runs.axes)
            }
            for selected in [arm, than] where !runs.contains(where: { $0.isOf(selected) }) {
                throw SpecError(
                    mark, "no run of the study is of the arm in \(place)",
                    found: selected.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ","))
            }
        }
        guard let need, !runs.contains(where: { need.isMet($0.specification) }) else { return }
        throw SpecError(mark, "no run of the study has what \(place) shows", found: name, allowed: need.words)
    }

    /// The setting that some run must have for the figure; nil where every run has the data.
    private var need: (words: String, isMet: (RunSpecification) -> Bool)? {
        switch self {
        case .bars, .along, .overDiscrepancy, .tradeOff, .cost, .heat: nil
        case .overTraining: ("with 'evaluation.measurements' above 1", { $0.evaluation.measurements > 1 })
        case .search: ("with 'evaluation.search'", { $0.evaluation.search != nil })
        case .drift:
            (
                "with 'drift' among 'evaluation.metrics', or all metrics",
                { $0.evaluation.measuresDrift ?? true }
            )
        case .plane:
            (
                "with data in the plane and 'evaluation.savedSamples' above 0",
                { $0.isPlanar && $0.evaluation.savedSamples > 0 }
            )
        case .planeOverTraining:
            (
                "with data in the plane and 'evaluation.sampleSnapshots'",
                { $0.isPlanar && $0.evaluation.sampleSnapshots != nil }
            )
        case .trajectories: ("with 'evaluation.trajectories'", { $0.evaluation.trajectories != nil })
        case .samples:
            (
                "with images as data and 'evaluation.savedSamples' above 0",
                { $0.data.image != nil && $0.evaluation.savedSamples > 0 }
            )
        }
    }
}

extension Run {
    /// The run has all of these values on their axes.
    fileprivate func isOf(_ arm: [String: String]) -> Bool { arm.allSatisfy { has($0.value, on: $0.key) } }
}

extension RunSpecification {
    /// The samples are points of the plane.
    var isPlanar: Bool { data.image == nil && data.dimension == 2 }
}
