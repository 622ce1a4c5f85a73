import Results
import Study

extension FigureChoice {
    /// The figure, or one of its kind for each number of steps that samples were made in; none where the records have
    /// no data for it.
    /// - Parameter records: at least one, all of them done.
    func plots(_ records: [Record]) -> [Plot] {
        if let metric, !records.contains(where: { $0.evaluation.last[metric] != nil }) { return [] }
        switch self {
        case .bars(let score): return [.bars(score, records)]
        case .along(let axis, let score):
            return StudyResults.numericAxes(of: records).contains(axis) ? [.along(axis, score, records)] : []
        case .overTraining(let score, let measure):
            guard records.contains(where: { $0.evaluation.steps.count > 1 }) else { return [] }
            return [.overTraining(score, records, by: measure ?? .steps)]
        case .overDiscrepancy(let score):
            let discrepancies = Set(records.compactMap { $0.evaluation.last[ScoreName.dataDiscrepancy] })
            guard discrepancies.count > 1 else { return [] }
            return [.overDiscrepancy(score, records, apartFrom: StudyResults.numericAxes(of: records))]
        case .tradeOff(let score): return [.tradeOff(score, records)]
        case .cost(let score, let measure): return [.against(measure, score, records)]
        case .heat(let score, let x, let y, let arm, let than):
            return [Plot.heat(score, records, x: x, y: y, arm, minus: than)].compactMap { $0 }
        case .search(let score): return [Plot.search(score, records)].compactMap { $0 }
        case .drift: return [Plot.drift(records)].compactMap { $0 }
        case .plane: return [Plot.plane(records)].compactMap { $0 }
        case .planeOverTraining: return [Plot.planeOverTraining(records)].compactMap { $0 }
        case .trajectories: return [Plot.trajectories(records)].compactMap { $0 }
        case .samples: return Plot.samples(records)
        }
    }
}
