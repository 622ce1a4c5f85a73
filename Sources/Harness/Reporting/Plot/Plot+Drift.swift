import Results
import Study

extension Plot {
    /// The drift of each arm from the teacher's path, over the duration of the jump, beside the teacher's own one
    /// Euler step. Nil where it was not measured.
    static func drift(_ records: [Record]) -> Plot? {
        let measured = records.filter { $0.drift != nil }
        guard let first = measured.first?.drift else { return nil }
        let all = PlotArm.all(of: measured, along: StudyTable.axes(of: measured))
        let euler = zip(first.durations, first.ceiling).map { ($0, PlotSample([$1])) }
        let arms = all.prefix(PlotArm.most - 1).map { arm in
            (
                arm.title,
                places(
                    of: arm.records.flatMap { record in
                        zip(record.drift!.durations, record.drift!.student).map { ($0, $1) }
                    })
            )
        }
        let samples = arms.flatMap { $0.1.map(\.sample) }
        let logarithmic = isLogarithmic(samples.map(\.mean) + euler.map(\.1.mean))
        return Plot(
            name: "drift", template: .lines, title: "Drift from the teacher's path",
            caption: caption(measured, samples, leftOut: all.count - arms.count), xLabel: "duration δ of the jump",
            yLabel: "drift",
            blocks: (arms + [("1 Euler step", euler)]).map { title, places in
                Block(title, places.map { $0.sample.row(at: $0.x, logarithmic: logarithmic) })
            },
            settings: [("ylog", .truth(logarithmic))])
    }
}

extension DriftFigure: DrawnFigure {
    package func plots(_ records: [Record]) -> [Plot] { [Plot.drift(records)].compactMap { $0 } }
}
