import FlowMaps

extension Metric {
    /// The metrics that have a meaning for a data set, in the order of their list.
    /// - Parameters:
    ///   - classifier: features are a classifier's.
    ///   - sampler: the teacher's sampler; with one that adds noise, metrics from the same noise have no meaning.
    static func applicable(to data: DatasetSource, classifier: Bool, sampler: Sampler) -> [Metric] {
        allCases.filter { metric in
            switch metric {
            case .frechetDistance, .slicedWasserstein, .pairedError, .kernelDistance, .precision, .recall, .density,
                .coverage, .varianceRatio, .drift:
                !metric.comparesPairs || !sampler.isStochastic
            case .classAccuracy, .classifierScore: classifier
            case .memorisation: false
            case .energyDistance, .meanDiscrepancy: data.isPlanar
            case .coveredModes, .highQualityShare, .modeVariation: data.modes != nil
            }
        }
    }
}
