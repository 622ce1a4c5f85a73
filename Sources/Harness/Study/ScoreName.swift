import FlowMaps

/// The name of a score: `frechetDistance` of samples made in one step, `frechetDistance@4` of those made in four.
public struct ScoreName: Hashable, Sendable {
    /// The metric's name without the steps.
    public let metric: String
    /// The number of steps of the student's map, at least 1.
    public let steps: Int

    /// The name of a metric in a number of steps.
    public init(_ metric: String, steps: Int) { (self.metric, self.steps) = (metric, steps) }

    /// Reads a name; a text without an @ and a number above 1 is a metric in one step.
    public init(_ text: String) {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        if parts.count == 2, let steps = Int(parts[1]), steps > 1 {
            self.init(String(parts[0]), steps: steps)
        } else {
            self.init(text, steps: 1)
        }
    }

    /// The name in studies, tables and files.
    public var text: String { steps == 1 ? metric : "\(metric)@\(steps)" }
}

/// Scores that are no metric's.
extension ScoreName {
    /// The distance of a student's data from the samples of its teacher.
    package static let dataDiscrepancy = "dataDiscrepancy"
    /// The results of searches over their budgets, by the verifier and by the Fréchet distance.
    package static let searchScore = "searchScore", searchDistance = "searchDistance"
    /// The agreement of student and teacher on which noises are good.
    package static let transfer = "transfer"
    /// Those that runs measure beside the metrics.
    package static let besideMetrics = [dataDiscrepancy, transfer]
}

extension ScoreName {
    /// The score is biased by the number of samples, as a Fréchet distance is: only scores of equal numbers are compared.
    package var dependsOnCount: Bool {
        if let metric = Metric(score: metric) { return metric.comparesSets }
        // A program's score may; of the others the distances do.
        return metric != Self.transfer && metric != Self.searchScore
    }
}

extension Metric {
    /// The metric of a score, in however many steps and against whatever reference; nil for a score that is no metric's.
    package init?(score: String) {
        self.init(rawValue: String(ScoreName(score).metric.prefix { $0 != "." }))
    }
}
