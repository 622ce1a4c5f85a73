import FlowMaps

/// The name of a score: `frechetDistance` of samples made in one step, `frechetDistance@4` of those made in four.
public struct ScoreName: Hashable, Sendable {
    /// The metric's name without the steps.
    public let metric: String
    /// Of the student's map, at least 1.
    public let steps: Int

    public init(_ metric: String, steps: Int) { (self.metric, self.steps) = (metric, steps) }

    /// Reads a name as it is written; what has no number above 1 behind an @ is a metric in one step.
    public init(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        if parts.count == 2, let steps = Int(parts[1]), steps > 1 {
            self.init(String(parts[0]), steps: steps)
        } else {
            self.init(text, steps: 1)
        }
    }

    /// As studies, tables and files have it.
    public var text: String { steps == 1 ? metric : "\(metric)@\(steps)" }
}

/// Scores that are no metric's.
extension ScoreName {
    /// How far the data of a student are from the samples of its teacher.
    package static let dataDiscrepancy = "dataDiscrepancy"
    /// What searches find over their budgets, by the verifier and by the Fréchet distance.
    package static let searchScore = "searchScore", searchDistance = "searchDistance"
    /// How far student and teacher agree on which noises are good.
    package static let transfer = "transfer"
}

extension Metric {
    /// The metric of a score, in however many steps and against whatever reference; nil for a score that is no metric's.
    package init?(score: String) {
        let name = ScoreName(score).metric
        self.init(rawValue: name.hasSuffix(Self.dataSuffix) ? String(name.dropLast(Self.dataSuffix.count)) : name)
    }

    /// The end of the names of scores that were taken against the data: `frechetDistance.data`.
    package static var dataSuffix: String { ".\(MetricReference.data.rawValue)" }
}
