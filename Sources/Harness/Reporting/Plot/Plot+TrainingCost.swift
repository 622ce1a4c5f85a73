import Results
import Study

extension Plot {
    /// A score against the cost of the training: a point per arm, over the teacher's own score.
    static func against(_ measure: TrainingAxis, _ score: String, _ records: [Record]) -> Plot {
        let all = PlotArm.all(of: records, along: StudyTable.axes(of: records))
        let arms = all.prefix(PlotArm.most).map { arm in
            let scores = PlotSample(arm.records.compactMap { $0.evaluation.last[score] })
            return (title: arm.title, cost: PlotSample(arm.records.map { measure.total($0) }).mean, scores: scores)
        }.filter { !$0.scores.values.isEmpty && $0.cost.isFinite }
        let logarithmic = isLogarithmic(arms.map(\.scores.mean))
        return Plot(
            name: "\(score)-against-\(measure.rawValue)", template: .scatter,
            title: "\(label(score)) against \(measure.noun)",
            caption: caption(records, arms.map(\.scores), leftOut: all.count - arms.count), xLabel: measure.label,
            yLabel: label(score),
            blocks: arms.map { Block($0.title, [$0.scores.row(at: $0.cost, logarithmic: logarithmic)]) },
            settings: floor(score, records) + [
                ("ylog", .truth(logarithmic)), ("xlog", .truth(isLogarithmic(arms.map(\.cost), over: wideCost))),
            ])
    }

    /// Costs over more than this ratio are compared in powers.
    private static let wideCost = 10.0
}

extension CostFigure: DrawnFigure {
    package func plots(_ records: [Record]) -> [Plot] { [.against(by, of, records)] }
}
