import FlowMaps
import Specification

/// An axis that a record has in itself: it holds a number of a score at each of its values. A claim names it as it does an axis of the
/// study, which goes first where both have the name; where it does not, the last value is meant.
package enum RecordAxis: String, CaseIterable, Sendable {
    /// Of the training, at each measurement.
    case step
    /// Steps of the student that its samples are made in; the last is one.
    case mapSteps
    /// δ of the drift.
    case duration
    /// Of a search: how evaluations are spent, and how many.
    case strategy, budget

    /// The axes that a score has.
    package static func of(_ score: String) -> [RecordAxis] {
        switch score {
        case Metric.drift.rawValue: [.duration]
        case ScoreName.searchScore, ScoreName.searchDistance: [.strategy, .budget]
        default: ScoreName(score).steps == 1 ? [.mapSteps, .step] : [.step]
        }
    }

    /// The places on it at which any of the runs will have a number, in their order.
    func coordinates(in runs: [Run]) -> [SweepPoint.Coordinate] {
        let places = runs.flatMap { run -> [Double] in
            let evaluation = run.specification.evaluation
            switch self {
            case .step:
                return evaluation.measuredSteps(of: run.specification.student.optimization.steps).map(Double.init)
            case .duration:
                let sampler = evaluation.teacher.sampler
                return sampler.driftSteps(Evaluation.driftDurations).map { 1 - sampler.time($0) }
            case .mapSteps: return run.specification.mapSteps.map(Double.init)
            case .budget: return evaluation.search?.budgets.map(Double.init) ?? []
            case .strategy: return []
            }
        }
        if self == .strategy { return Search.Strategy.allCases.map(Self.coordinate) }
        return Set(places).sorted().map(coordinate)
    }

    package static func coordinate(_ strategy: Search.Strategy) -> SweepPoint.Coordinate {
        SweepPoint.Coordinate(axis: RecordAxis.strategy.rawValue, label: strategy.rawValue, number: nil)
    }

    package func coordinate(_ place: Double) -> SweepPoint.Coordinate {
        SweepPoint.Coordinate(axis: rawValue, label: NumberFormat.text(place), number: place)
    }
}
