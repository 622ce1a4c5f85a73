import FlowMaps
import Storage
import Study

/// The results of each strategy of a `Search`, over the total network evaluations per sample.
public struct SearchCurves: Codable, Hashable, Sendable {
    /// Rising.
    public let budgets: [Int]
    /// In the order of the strategies, the student's last.
    public let lines: [Line]

    /// The results of one strategy, a number per budget.
    public struct Line: Codable, Hashable, Sendable {
        /// The strategy.
        public let strategy: Search.Strategy
        /// The evaluations actually spent: the budget or somewhat less.
        public let evaluations: [Int]
        /// The mean of the verifier's scores of the samples.
        public let score: [Double]
        /// The Fréchet distance of the samples, which are fewer than in an evaluation: compare it only with other
        /// search results. Empty where the study omits it.
        public let distance: [Double]

        package init(strategy: Search.Strategy, evaluations: [Int], score: [Double], distance: [Double]) {
            (self.strategy, self.evaluations, self.score, self.distance) = (strategy, evaluations, score, distance)
        }
    }

    /// Results over the same budgets.
    public init(budgets: [Int], lines: [Line]) {
        precondition(
            lines.allSatisfy { line in
                line.evaluations.count == budgets.count && line.score.count == budgets.count
                    && (line.distance.isEmpty || line.distance.count == budgets.count)
            }, "numbers of \(budgets.count) budgets")
        (self.budgets, self.lines) = (budgets, lines)
    }

    /// The scores over budgets.
    package static let scoreNames = [ScoreName.searchScore, ScoreName.searchDistance]

    /// The numbers of a score.
    package func values(of score: String, _ line: Line) -> [Double] {
        switch score {
        case ScoreName.searchScore: line.score
        case ScoreName.searchDistance: line.distance
        default: []
        }
    }
}

extension SearchCurves {
    func write(to group: HDF5Group) throws {
        try group.writeScale("strategy", lines.map(\.strategy.rawValue))
        try group.writeScale("budget", budgets.map(Int64.init))
        let shape = [lines.count, budgets.count], dimensions = ["strategy", "budget"]
        try group.write(
            "evaluations", lines.flatMap { $0.evaluations.map(Int64.init) }, shape: shape, dimensions: dimensions)
        try group.write("score", lines.flatMap(\.score), shape: shape, dimensions: dimensions)
        if lines.contains(where: { !$0.distance.isEmpty }) {
            try group.write("distance", lines.flatMap(\.distance), shape: shape, dimensions: dimensions)
        }
    }

    /// - Throws: `RecordError` for a strategy that this program does not know.
    init(_ group: HDF5GroupReader) throws {
        let names = try group.read("strategy", as: String.self).values
        let budgets = try group.read("budget", as: Int64.self).values.map(Int.init)
        let size = names.count * budgets.count
        let evaluations = try group.read("evaluations", as: Int64.self).values.map(Int.init)
        let score = try group.read("score", as: Double.self).values
        let distance =
            try group.datasetNames().contains("distance") ? group.read("distance", as: Double.self).values : []
        guard evaluations.count == size, score.count == size, distance.isEmpty || distance.count == size,
            Set(names).count == names.count, zip(budgets, budgets.dropFirst()).allSatisfy({ $0 < $1 })
        else {
            throw group.refusal(
                "lists of \(evaluations.count), \(score.count) and \(distance.count) numbers",
                "\(size), a number a strategy and budget")
        }
        self.init(
            budgets: budgets,
            lines: try names.enumerated().map { index, name in
                guard let strategy = Search.Strategy(rawValue: name) else {
                    throw RecordError(
                        path: group.place.path, found: "search strategy '\(name)'",
                        allowed: Search.Strategy.allCases.map(\.rawValue).joined(separator: ", "))
                }
                let place = index * budgets.count..<(index + 1) * budgets.count
                return Line(
                    strategy: strategy, evaluations: Array(evaluations[place]), score: Array(score[place]),
                    distance: distance.isEmpty ? [] : Array(distance[place]))
            })
    }
}
