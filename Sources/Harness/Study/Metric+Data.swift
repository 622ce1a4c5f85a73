import FlowMaps

extension Metric {
    /// The metrics that have a meaning for a data set, in the order of their list.
    /// - Parameters:
    ///   - classifier: whether features are a classifier's.
    ///   - sampler: the teacher's; one that adds noise on the way makes no samples to be compared with those of the same noise.
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

extension DatasetSource {
    /// Whether samples are points of the plane.
    var isPlanar: Bool {
        switch self {
        case .planar: true
        case .arrays(_, _, _, _, _, _, _, _, let content): content?.isPoints ?? false
        case .digits, .idx, .cifar10, .cifar100, .images, .latents: false
        }
    }

    /// The modes of data that are an even mixture of Gaussians.
    package var modes: ModeCoverage? {
        guard case .planar(.eightGaussians, _) = self else { return nil }
        let (means, deviation) = PlanarSet.eightGaussiansModes
        let weights = [Double](repeating: 2 / Double(means.count), count: means.count / 2)
        return ModeCoverage(means: means, weights: weights, standardDeviation: deviation)
    }
}
