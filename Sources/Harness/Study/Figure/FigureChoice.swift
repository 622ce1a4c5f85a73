/// A figure that a study requests, in place of those that follow from its axes.
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
    /// A score over training; without `by` over its steps.
    case overTraining(of: String, by: TrainingAxis?)
    /// A score over the distance of the data from the teacher's samples.
    case overDiscrepancy(of: String)
    /// A score against the evaluations that a sample costs.
    case tradeOff(of: String)
    /// A score against the cost of the training.
    case cost(of: String, by: TrainingAxis)
    /// The paired difference of a score between the arms `arm` and `than` over two axes, a cell for each pair of their values.
    case heat(of: String, x: String, y: String, arm: [String: String], than: [String: String])
    /// The results of searches over the evaluations spent: `searchScore` or `searchDistance`.
    case search(of: String)
    /// The drift of students from the teacher's path.
    case drift
    /// Densities of samples in the plane, and the same over training.
    case plane, planeOverTraining
    /// Ways from noise to data in the plane.
    case trajectories
    /// Rows of images from the same noise.
    case samples

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case bars, along, overTraining, overDiscrepancy, tradeOff, cost, heat, search, drift, plane, planeOverTraining,
            trajectories
        case samples
    }
}

extension FigureChoice {
    /// The score that it shows.
    package var metric: String? {
        switch self {
        case .bars(let score), .along(_, let score), .overTraining(let score, _), .overDiscrepancy(let score),
            .tradeOff(let score), .cost(let score, _), .heat(let score, _, _, _, _):
            score
        case .search, .drift, .plane, .planeOverTraining, .trajectories, .samples: nil
        }
    }

    /// The name of the figure in a study.
    package var name: String {
        switch self {
        case .bars: "bars"
        case .along: "along"
        case .overTraining: "overTraining"
        case .overDiscrepancy: "overDiscrepancy"
        case .tradeOff: "tradeOff"
        case .cost: "cost"
        case .heat: "heat"
        case .search: "search"
        case .drift: "drift"
        case .plane: "plane"
        case .planeOverTraining: "planeOverTraining"
        case .trajectories: "trajectories"
        case .samples: "samples"
        }
    }
}
