/// Which figures a study gets: by its axes, its scores and what its records hold.
extension StudyResults {
    /// Scores that are drawn: those that claims speak of, then the first measured, up to so many.
    private static let mostScores = 4

    /// Every figure of the study, the main ones first.
    public func plots() throws -> [Plot] {
        let records = records.filter { $0.outcome == .done }
        guard !records.isEmpty else { return [] }
        let scores = plottedScores(of: records)
        var plots: [Plot] = []
        for score in scores {
            let axes = Self.numericAxes(of: records)
            plots += axes.isEmpty ? [Plot.bars(score, records)] : axes.map { Plot.along($0, score, records) }
        }
        for score in scores where records.contains(where: { $0.evaluation.steps.count > 1 }) {
            plots.append(Plot.overTraining(score, records, by: .steps))
        }
        if let score = scores.first {
            for measure in Effort.allCases where measure != .steps && measure.tellsMore(than: .steps, of: records) {
                plots.append(Plot.overTraining(score, records, by: measure))
            }
            plots.append(Plot.tradeOff(score, records))
        }
        if let plane = Plot.plane(records) { plots.append(plane) }
        return plots
    }

    private func plottedScores(of records: [Record]) -> [String] {
        let measured = StudyTable.scoreNames(of: records)
        var chosen: [String] = []
        for score in claims.map(\.statement.metric) where measured.contains(score) && !chosen.contains(score) {
            chosen.append(score)
        }
        for score in measured where !chosen.contains(score) && chosen.count < Self.mostScores { chosen.append(score) }
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

/// What a curve over training is drawn over.
public enum Effort: String, CaseIterable, Sendable {
    case steps, samples, seconds

    var label: String {
        switch self {
        case .steps: "training steps"
        case .samples: "training samples"
        case .seconds: "training time (s), in proportion to the steps"
        }
    }

    /// How much of it a step of a run is.
    func perStep(_ record: Record) -> Double {
        let optimization = record.run.specification.student.optimization
        switch self {
        case .steps: return 1
        case .samples: return Double(optimization.batch)
        case .seconds: return record.provenance.trainingSeconds / Double(optimization.steps)
        }
    }

    /// Whether runs differ in how much of it they take for the same of another.
    func tellsMore(than other: Effort, of records: [Record]) -> Bool {
        guard records.contains(where: { $0.evaluation.steps.count > 1 }) else { return false }
        return Set(records.map { perStep($0) / other.perStep($0) }).count > 1
    }
}
