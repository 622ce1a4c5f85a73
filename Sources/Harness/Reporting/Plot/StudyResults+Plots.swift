import Results
import Study

/// Which figures a study gets: by its axes, its scores and what its records hold.
extension StudyResults {
    /// Every figure of the study, the main ones first: those that it asks for, or those that its axes suggest.
    package func plots() -> [Plot] {
        let records = records.filter { $0.outcome == .done }
        guard !records.isEmpty else { return [] }
        if let figures { return figures.flatMap { $0.plots(records) } }
        return suggested(records)
    }

    /// Figures that the study asks for and that its records cannot show.
    var undrawn: [String] {
        let records = records.filter { $0.outcome == .done }
        return (figures ?? []).filter { records.isEmpty || $0.plots(records).isEmpty }.map(\.name)
    }

    private func suggested(_ records: [Record]) -> [Plot] {
        let scores = plottedScores(of: records)
        let axes = Self.numericAxes(of: records)
        var plots = scores.flatMap { score in
            axes.isEmpty ? [Plot.bars(score, records)] : axes.map { Plot.along($0, score, records) }
        }
        let main = scores.filter { $0 != ScoreName.dataDiscrepancy }
        if let score = main.first(where: { ScoreName($0).steps == 1 }) {
            if Set(records.compactMap { $0.evaluation.last[ScoreName.dataDiscrepancy] }).count > 1 {
                plots.append(Plot.overDiscrepancy(score, records, apartFrom: axes))
            }
            plots.append(Plot.tradeOff(score, records))
            plots.append(Plot.against(.seconds, score, records))
        }
        plots += overTraining(main, records)
        plots += SearchCurves.scoreNames.compactMap { Plot.search($0, records) }
        plots += [FigureChoice.drift, .samples, .plane, .planeOverTraining, .trajectories].flatMap { $0.plots(records) }
        return plots
    }

    /// Each score over the steps, the first over whatever else makes a difference.
    private func overTraining(_ scores: [String], _ records: [Record]) -> [Plot] {
        guard let first = scores.first, records.contains(where: { $0.evaluation.steps.count > 1 }) else { return [] }
        let others = TrainingAxis.allCases.filter { $0 != .steps && $0.tellsMore(than: .steps, of: records) }
        return scores.map { Plot.overTraining($0, records, by: .steps) }
            + others.map { Plot.overTraining(first, records, by: $0) }
    }

    /// Those that claims speak of, then the few that tables show.
    private func plottedScores(of records: [Record]) -> [String] {
        let measured = StudyTable.scoreNames(of: records)
        var chosen: [String] = []
        // In several steps where claims speak of it: the trade-off shows the main score in all.
        let few = ScoreChoice.few.chosen(of: measured.filter { ScoreName($0).steps == 1 })
        for score in claims.map(\.statement.metric) + few
        where measured.contains(score) && !chosen.contains(score) { chosen.append(score) }
        return chosen
    }

    /// Axes, apart from that of repetitions, on which every run that has a value has a number, of at least two.
    static func numericAxes(of records: [Record]) -> [String] {
        StudyTable.axes(of: records).filter { axis in
            let values = records.compactMap { $0.run.coordinates.first { $0.axis == axis } }
            return values.allSatisfy { $0.number != nil } && Set(values.map(\.number)).count > 1
        }
    }
}
