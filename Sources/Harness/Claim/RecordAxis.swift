import FlowMaps

/// An axis that a record has in itself: it holds a number of a score at each of its values. A claim names it as it does an axis of the
/// study, which goes first where both have the name; where it does not, the last value is meant.
enum RecordAxis: String, CaseIterable, Sendable {
    /// Of the training, at each measurement.
    case step
    /// Steps of the student that its samples are made in; the last is one.
    case mapSteps
    /// δ of the drift.
    case duration
    /// Of a search: how evaluations are spent, and how many.
    case strategy, budget

    /// The axes that a score has.
    static func of(_ score: String) -> [RecordAxis] {
        switch score {
        case Metric.drift.rawValue: [.duration]
        case SearchCurves.scoreName, SearchCurves.distanceName: [.strategy, .budget]
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
                return sampler.driftSteps(TeacherPath.durations).map { 1 - sampler.time($0) }
            case .mapSteps: return run.specification.mapSteps.map(Double.init)
            case .budget: return evaluation.search?.budgets.map(Double.init) ?? []
            case .strategy: return []
            }
        }
        if self == .strategy { return Search.Strategy.allCases.map(Self.coordinate) }
        return Set(places).sorted().map(coordinate)
    }

    static func coordinate(_ strategy: Search.Strategy) -> SweepPoint.Coordinate {
        SweepPoint.Coordinate(axis: RecordAxis.strategy.rawValue, label: strategy.rawValue, number: nil)
    }

    func coordinate(_ place: Double) -> SweepPoint.Coordinate {
        SweepPoint.Coordinate(axis: rawValue, label: Figure.text(place), number: place)
    }
}

extension Record {
    /// A number of a score, and where in the record it stands.
    struct Reading {
        let number: Double
        /// What the teacher itself scores; nil where it has no such number.
        let floor: Double?
        /// One for each axis that the score has in the record.
        let coordinates: [SweepPoint.Coordinate]
    }

    /// All numbers of a score, in their order.
    func readings(of score: String) -> [Reading] {
        if score == Metric.drift.rawValue {
            guard let drift else { return [] }
            return zip(drift.durations, drift.student).map {
                Reading(number: $1, floor: nil, coordinates: [RecordAxis.duration.coordinate($0)])
            }
        }
        if RecordAxis.of(score).contains(.strategy) {
            return search?.lines.flatMap { line in
                zip(search?.budgets ?? [], search?.values(of: score, line) ?? []).map { budget, number in
                    Reading(
                        number: number, floor: nil,
                        coordinates: [
                            RecordAxis.coordinate(line.strategy), RecordAxis.budget.coordinate(Double(budget)),
                        ])
                }
            } ?? []
        }
        // One step behind the others: it is meant where a claim names no number of steps.
        let name = ScoreName(score), counts = name.steps > 1 ? [name.steps] : evaluation.mapSteps.reversed() + [1]
        return counts.flatMap { count in
            let column = evaluation[ScoreName(name.metric, steps: count).text] ?? []
            return zip(evaluation.steps, column).map { step, number in
                Reading(
                    number: number, floor: reference.floor[name.metric],
                    coordinates: (name.steps > 1 ? [] : [RecordAxis.mapSteps.coordinate(Double(count))])
                        + [RecordAxis.step.coordinate(Double(step))])
            }
        }
    }
}
