import Results
import Study

extension Plot {
    /// A score along an axis of numbers, a line an arm; an arm without a value on the axis lies flat across.
    static func along(_ axis: String, _ score: String, _ records: [Record]) -> Plot {
        across(
            score, records, PlotArm.all(of: records, along: StudyTable.axes(of: records).filter { $0 != axis }),
            name: "\(score)-along-\(axis)", xLabel: axis
        ) { $0.run.number(on: axis) }
    }

    /// A score over the distance of the data from the teacher's samples, a line per arm; an arm without data is a
    /// horizontal line.
    static func overDiscrepancy(_ score: String, _ records: [Record], apartFrom axes: [String]) -> Plot {
        across(
            score, records, PlotArm.all(of: records, along: StudyTable.axes(of: records).filter { !axes.contains($0) }),
            name: "\(score)-over-\(ScoreName.dataDiscrepancy)",
            xLabel: "\(label(ScoreName.dataDiscrepancy)) (Fréchet distance)"
        ) { $0.evaluation.last[ScoreName.dataDiscrepancy] }
    }

    private static func across(
        _ score: String, _ records: [Record], _ arms: [PlotArm], name: String, xLabel: String,
        _ place: (Record) -> Double?
    ) -> Plot {
        let ends = records.compactMap(place)
        let (first, last) = (ends.min() ?? 0, ends.max() ?? 0)
        return lines(score, records, arms, name: name, title: label(score), xLabel: xLabel) { record in
            let value = record.evaluation.last[score] ?? .nan
            return place(record).map { [($0, value)] } ?? [(first, value), (last, value)]
        }
    }

    /// A score at each measurement of the training, a line an arm.
    static func overTraining(_ score: String, _ records: [Record], by measure: TrainingAxis) -> Plot {
        let all = PlotArm.all(of: records, along: StudyTable.axes(of: records))
        return lines(
            score, records, all, name: "\(score)-over-\(measure.rawValue)",
            title: "\(label(score)) over \(measure.noun)",
            xLabel: measure == .seconds ? "\(measure.label), in proportion to the steps" : measure.label
        ) { record in
            // Seeds of an arm take different times for the same steps: what an arm's step takes is their mean.
            let arm = all.first { $0.records.contains { $0.run.point == record.run.point } }?.records ?? [record]
            let perStep = arm.reduce(0) { $0 + measure.perStep($1) } / Double(arm.count)
            return zip(record.evaluation.steps, record.evaluation[score] ?? []).map { (Double($0) * perStep, $1) }
        }
    }

    private static func lines(
        _ score: String, _ records: [Record], _ all: [PlotArm], name: String, title: String, xLabel: String,
        _ points: (Record) -> [(x: Double, y: Double)]
    ) -> Plot {
        let arms = all.prefix(PlotArm.most).map { arm in (arm.title, places(of: arm.records.flatMap(points))) }
        let samples = arms.flatMap { $0.1.map(\.sample) }
        let logarithmic = isLogarithmic(samples.map(\.mean))
        return Plot(
            name: name, template: .lines, title: title,
            caption: caption(records, samples, leftOut: all.count - arms.count), xLabel: xLabel, yLabel: label(score),
            blocks: arms.map { title, places in
                Block(title, places.map { $0.sample.row(at: $0.x, logarithmic: logarithmic) })
            },
            settings: floor(score, records) + [
                ("ylog", .truth(logarithmic)),
                ("xlog", .truth(isLogarithmic(arms.flatMap { $0.1.map(\.x) }, over: Self.wideAxis))),
            ])
    }

    /// An axis over more than this ratio was made in powers.
    private static let wideAxis = 25.0

    /// The values of each place, in the order of the places.
    static func places(of points: [(x: Double, y: Double)]) -> [(x: Double, sample: PlotSample)] {
        Dictionary(grouping: points, by: \.x).sorted { $0.key < $1.key }
            .map { ($0.key, PlotSample($0.value.map(\.y))) }.filter { !$0.sample.values.isEmpty }
    }
}

extension Run {
    /// Its number on an axis of numbers.
    func number(on axis: String) -> Double? { coordinates.first { $0.axis == axis }?.number }
}

extension AlongFigure: DrawnFigure {
    package func plots(_ records: [Record]) -> [Plot] {
        StudyResults.numericAxes(of: records).contains(axis) ? [.along(axis, of, records)] : []
    }
}

extension OverTrainingFigure: DrawnFigure {
    package func plots(_ records: [Record]) -> [Plot] {
        guard records.contains(where: { $0.evaluation.steps.count > 1 }) else { return [] }
        return [.overTraining(of, records, by: by ?? .steps)]
    }
}

extension OverDiscrepancyFigure: DrawnFigure {
    package func plots(_ records: [Record]) -> [Plot] {
        let discrepancies = Set(records.compactMap { $0.evaluation.last[ScoreName.dataDiscrepancy] })
        guard discrepancies.count > 1 else { return [] }
        return [.overDiscrepancy(of, records, apartFrom: StudyResults.numericAxes(of: records))]
    }
}
