/// A figure that a study asks for, in place of those that it would get by its axes.
///
///     figures:
///       - {overTraining: {of: recall, by: samples}}
///       - {along: {axis: strength, of: frechetDistance}}
///       - drift
public enum FigureChoice: Codable, Hashable, Sendable {
    /// A score of each arm as a bar.
    case bars(of: String)
    /// A score along an axis of numbers, a line an arm.
    case along(axis: String, of: String)
    /// A score over training; absent is over its steps.
    case overTraining(of: String, by: Effort?)
    /// A score over how far the data are from the teacher's samples.
    case overDiscrepancy(of: String)
    /// A score against the evaluations that a sample costs.
    case tradeOff(of: String)
    /// A score against what the training has cost.
    case cost(of: String, by: Effort)
    /// What searches find over the evaluations spent: `searchScore` or `searchDistance`.
    case search(of: String)
    /// How far students end from the teacher's path.
    case drift
    /// Densities of samples in the plane, and the same over training.
    case plane, planeOverTraining
    /// Ways from noise to data in the plane.
    case trajectories
    /// Rows of images from the same noise.
    case samples

    public enum CodingKeys: String, CodingKey, CaseIterable {
        case bars, along, overTraining, overDiscrepancy, tradeOff, cost, search, drift, plane, planeOverTraining,
            trajectories
        case samples
    }
}

extension FigureChoice {
    /// The score that it shows.
    var metric: String? {
        switch self {
        case .bars(let score), .along(_, let score), .overTraining(let score, _), .overDiscrepancy(let score),
            .tradeOff(let score), .cost(let score, _):
            score
        case .search, .drift, .plane, .planeOverTraining, .trajectories, .samples: nil
        }
    }

    /// As it is written.
    var name: String {
        switch self {
        case .bars: "bars"
        case .along: "along"
        case .overTraining: "overTraining"
        case .overDiscrepancy: "overDiscrepancy"
        case .tradeOff: "tradeOff"
        case .cost: "cost"
        case .search: "search"
        case .drift: "drift"
        case .plane: "plane"
        case .planeOverTraining: "planeOverTraining"
        case .trajectories: "trajectories"
        case .samples: "samples"
        }
    }

    /// The figure, or one of its kind for each number of steps that samples were made in; none where the records have nothing that it
    /// could show.
    /// - Parameter records: at least one, all of them done.
    func plots(_ records: [Record]) -> [Plot] {
        if let metric, !records.contains(where: { $0.evaluation.last[metric] != nil }) { return [] }
        switch self {
        case .bars(let score): return [.bars(score, records)]
        case .along(let axis, let score):
            return StudyResults.numericAxes(of: records).contains(axis) ? [.along(axis, score, records)] : []
        case .overTraining(let score, let effort):
            guard records.contains(where: { $0.evaluation.steps.count > 1 }) else { return [] }
            return [.overTraining(score, records, by: effort ?? .steps)]
        case .overDiscrepancy(let score):
            let discrepancies = Set(records.compactMap { $0.evaluation.last[Judge.discrepancyName] })
            guard discrepancies.count > 1 else { return [] }
            return [.overDiscrepancy(score, records, apartFrom: StudyResults.numericAxes(of: records))]
        case .tradeOff(let score): return [.tradeOff(score, records)]
        case .cost(let score, let effort): return [.against(effort, score, records)]
        case .search(let score): return [Plot.search(score, records)].compactMap { $0 }
        case .drift: return [Plot.drift(records)].compactMap { $0 }
        case .plane: return [Plot.plane(records)].compactMap { $0 }
        case .planeOverTraining: return [Plot.planeOverTraining(records)].compactMap { $0 }
        case .trajectories: return [Plot.trajectories(records)].compactMap { $0 }
        case .samples: return Plot.samples(records)
        }
    }
}
