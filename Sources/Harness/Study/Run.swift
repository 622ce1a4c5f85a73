import FlowMaps

/// One point of a study's sweep, fully written out.
public struct Run: Codable, Hashable, Sendable {
    /// The name of the study.
    public let study: String
    /// The folder's name, `objective=combined,seed=0`.
    public let point: String
    /// The value of each axis that applies.
    public let coordinates: [SweepPoint.Coordinate]
    /// Its place in the order of the study.
    public let position: Int
    /// Every number that decides the run.
    public let specification: RunSpecification
    /// The request for the run; nil for one read from a record without it.
    public var origin: Origin? = nil

    package init(
        study: String, point: String, coordinates: [SweepPoint.Coordinate], position: Int,
        specification: RunSpecification, origin: Origin? = nil
    ) {
        (self.study, self.point, self.coordinates, self.position) = (study, point, coordinates, position)
        (self.specification, self.origin) = (specification, origin)
    }

    /// Its value on an axis; nil where the axis does not apply.
    public subscript(axis: String) -> String? { coordinates.first { $0.axis == axis }?.label }
}

extension Sequence<Run> {
    /// The names of the scores of any of the runs.
    var scoreNames: [String] {
        var names: [String] = []
        for name in flatMap(\.scoreNames) where !names.contains(name) { names.append(name) }
        let searches =
            contains { $0.specification.evaluation.search != nil }
            ? [ScoreName.transfer, ScoreName.searchScore, ScoreName.searchDistance] : []
        return names + [ScoreName.dataDiscrepancy] + searches
    }

    /// The axes that any of the runs has a value on, in the study's order.
    public var axes: [String] {
        var axes: [String] = []
        for run in self {
            for coordinate in run.coordinates where !axes.contains(coordinate.axis) { axes.append(coordinate.axis) }
        }
        return axes
    }
}

extension Run {
    /// The names of its scores, from one step to the most.
    fileprivate var scoreNames: [String] {
        let metrics = RunStage(run: self).reference.evaluatedMetrics
        return specification.mapSteps.flatMap { steps in
            metrics.filter { steps == 1 || $0.metric != .drift }.flatMap(\.scoreNames).map {
                ScoreName($0, steps: steps).text
            }
        }
    }
}
