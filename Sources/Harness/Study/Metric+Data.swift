import FlowMaps

extension Metric {
    /// The metrics that have a meaning for a data set, in the order of their list.
    /// - Parameters:
    ///   - classifier: features are a classifier's.
    ///   - sampler: the teacher's sampler; with one that adds noise, metrics from the same noise have no meaning.
    static func applicable(to data: DatasetSource, classifier: Bool, sampler: Sampler) -> [Metric] {
        allCases.filter { metric in
            guard metric.comparison != .trainingRows, !metric.comparesPairs || !sampler.isStochastic else {
                return false
            }
            return switch metric.need {
            case nil: true
            case .classifier: classifier
            case .plane: data.isPlanar
            case .modes: data.modes != nil
            }
        }
    }
}
