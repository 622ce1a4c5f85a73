import Results
import Study

extension StudyResults {
    /// Every measurement of the study in long form: a row a number, with the axes of its run in front.
    ///
    /// `source` is `training` or `evaluation`, over the steps, or `floor` or `ceiling`, the teacher's own scores, without a step; `drift`
    /// is over durations in the place of steps, and `search`, whose names begin with the strategy, over budgets. `mapSteps` are those that
    /// an evaluation's samples were made in.
    public var measurements: Table {
        let axes = records.map(\.run).axes
        var table = Table(
            columns: (["study", "run"] + axes + ["source", "name"]).map { Table.Column($0, alignment: .left) }
                + ["mapSteps", "step", "duration", "budget", "value"].map { Table.Column($0) })
        for record in records {
            let place: [Table.Cell] =
                [.text(record.run.study), .text(record.run.point)]
                + axes.map { record.run[$0].map { .text($0) } ?? .missing }
            for row in record.measurements { table.append(place + row) }
        }
        return table
    }
}

extension Record {
    /// A row a number: source, name, steps of the map, step, duration, budget, value.
    fileprivate var measurements: [[Table.Cell]] {
        var rows: [[Table.Cell]] = []
        for (name, column) in zip(training.names, training.columns) {
            for (step, value) in zip(training.steps, column) {
                rows.append(["training", .text(name), .missing, .count(step), .missing, .missing, .number(value)])
            }
        }
        for (name, column) in zip(evaluation.names.map(ScoreName.init), evaluation.columns) {
            for (step, value) in zip(evaluation.steps, column) {
                rows.append([
                    "evaluation", .text(name.metric), .count(name.steps), .count(step), .missing, .missing,
                    .number(value),
                ])
            }
        }
        for (source, scores) in [("floor", reference.floor), ("ceiling", reference.ceiling)] {
            for (name, value) in zip(scores.names, scores.values) {
                rows.append([.text(source), .text(name), .missing, .missing, .missing, .missing, .number(value)])
            }
        }
        return rows + driftRows + searchRows
    }

    private var driftRows: [[Table.Cell]] {
        guard let drift else { return [] }
        return [("student", drift.student), ("ceiling", drift.ceiling)].flatMap { name, column in
            zip(drift.durations, column).map { duration, value in
                ["drift", .text(name), .missing, .missing, .number(duration), .missing, .number(value)]
            }
        }
    }

    private var searchRows: [[Table.Cell]] {
        guard let search else { return [] }
        return search.lines.flatMap { line in
            SearchCurves.scoreNames.flatMap { score in
                zip(search.budgets, search.values(of: score, line)).map { budget, value in
                    [
                        "search", .text("\(line.strategy.rawValue) \(score)"), .missing, .missing, .missing,
                        .count(budget), .number(value),
                    ]
                }
            }
        }
    }
}
