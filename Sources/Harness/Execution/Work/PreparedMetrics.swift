import FlowMaps
import Study

/// The computations of a stage's metrics, each prepared once for each reference.
struct PreparedMetrics {
    private let scorers: [MetricReference: [String: Scoring.Scorer]]

    /// - Parameter reference: what samples are measured against; asked for once each.
    init(_ metrics: [MeasuredMetric], reference: (MetricReference) throws -> ScoringReference) rethrows {
        var scorers: [MetricReference: [String: Scoring.Scorer]] = [:]
        for place in metrics.map(\.reference) where scorers[place] == nil {
            scorers[place] = [:]
            let reference = try reference(place)
            for metric in metrics where metric.reference == place {
                guard let scoring = metric.metric.scoring, scorers[place]?[scoring.name] == nil else { continue }
                scorers[place]?[scoring.name] = scoring.prepared(reference)
            }
        }
        self.scorers = scorers
    }

    /// The computation of a metric; nil where the metric is none of the stage's or has no meaning for its reference.
    func scorer(of metric: MeasuredMetric) -> Scoring.Scorer? {
        metric.metric.scoring.flatMap { scorers[metric.reference]?[$0.name] }
    }

    /// The values of metrics for one set of samples; each computation is done when its first value is asked for.
    func callAsFunction(_ samples: ScoredSamples) -> (MeasuredMetric) -> Double? {
        var known: [MetricReference: [String: [Double]?]] = [:]
        return { metric in
            guard let scoring = metric.metric.scoring, let scorer = scorer(of: metric) else { return nil }
            let results = known[metric.reference]?[scoring.name] ?? scorer(samples)
            known[metric.reference, default: [:]][scoring.name] = .some(results)
            return results.map(metric.metric.value)
        }
    }
}
