extension StudyResults {
    /// Every measurement of the study in long form: a row a number, with the axes of its run in front.
    ///
    /// `source` is `training` or `evaluation`, over the steps, or `floor` or `ceiling`, the teacher's own scores, without a step; `drift` is over durations in
    /// the place of steps. `mapSteps` are those that an evaluation's samples were made in.
    public var measurements: Table {
        let axes = records.map(\.run).axes
        var table = Table(
            columns: (["study", "run"] + axes + ["source", "name"]).map { Table.Column($0, alignment: .left) } + [
                Table.Column("mapSteps"), Table.Column("step"), Table.Column("duration"), Table.Column("value"),
            ])
        for record in records {
            let place: [Table.Cell] =
                [.text(record.run.study), .text(record.run.point)]
                + axes.map { record.run[$0].map { .text($0) } ?? .missing }
            for (source, curves) in [("training", record.training), ("evaluation", record.evaluation)] {
                for (name, column) in zip(curves.names.map(ScoreName.init), curves.columns) {
                    let steps: Table.Cell = source == "evaluation" ? .count(name.steps) : .missing
                    for (step, value) in zip(curves.steps, column) {
                        table.append(
                            place + [.text(source), .text(name.metric), steps, .count(step), .missing, .number(value)])
                    }
                }
            }
            for (source, scores) in [("floor", record.reference.floor), ("ceiling", record.reference.ceiling)] {
                for (name, value) in zip(scores.names, scores.values) {
                    table.append(place + [.text(source), .text(name), .missing, .missing, .missing, .number(value)])
                }
            }
            guard let drift = record.drift else { continue }
            for (name, column) in [("student", drift.student), ("ceiling", drift.ceiling)] {
                for (duration, value) in zip(drift.durations, column) {
                    table.append(
                        place + ["drift", .text(name), .missing, .missing, .number(duration), .number(value)])
                }
            }
        }
        return table
    }
}
