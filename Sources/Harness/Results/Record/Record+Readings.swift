import FlowMaps
import Study

/// The numbers of a record, for claims.
extension Record: MeasuredRun {
    package var point: String { run.point }

    package var divergence: Int? {
        if case .diverged(let step, _) = outcome { step } else { nil }
    }

    /// All numbers of a score, in their order.
    package func readings(of score: String) -> [ScoreReading] {
        if score == Metric.drift.rawValue {
            guard let drift else { return [] }
            return zip(drift.durations, drift.student).map {
                ScoreReading(number: $1, floor: nil, coordinates: [RecordAxis.duration.coordinate($0)])
            }
        }
        if RecordAxis.of(score).contains(.strategy) {
            return search?.lines.flatMap { line in
                zip(search?.budgets ?? [], search?.values(of: score, line) ?? []).map { budget, number in
                    ScoreReading(
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
                ScoreReading(
                    number: number, floor: reference.floor[name.metric],
                    coordinates: (name.steps > 1 ? [] : [RecordAxis.mapSteps.coordinate(Double(count))])
                        + [RecordAxis.step.coordinate(Double(step))])
            }
        }
    }
}
