/// The scores of a set of samples: one number each, except for the drift, which is a curve.
///
/// A metric "on features" reads a classifier's features where the study trains a classifier, else the samples
/// themselves.
public enum Metric: String, Codable, Hashable, Sendable, CaseIterable {
    /// `FrechetDistance`, on features.
    case frechetDistance
    /// `SlicedWasserstein`, on samples.
    case slicedWasserstein
    /// `PairedError`, from the same noise.
    case pairedError
    /// `ClassAccuracy` of the classifier against the requested class.
    case classAccuracy
    /// `ClassifierScore`, of the classifier.
    case classifierScore
    /// `KernelDistance`, on features.
    case kernelDistance
    /// The shares of `SupportOverlap`, on features.
    case precision, recall, density, coverage
    /// `VarianceRatio`, on samples.
    case varianceRatio
    /// `EnergyDistance`, on samples; in the plane.
    case energyDistance
    /// `MeanDiscrepancy`, on samples; in the plane.
    case meanDiscrepancy
    /// The results of `ModeCoverage`, for mixtures of Gaussians.
    case coveredModes, highQualityShare, modeVariation
    /// `Memorisation`, on features; against the data alone.
    case memorisation
    /// `DriftCurve`, from the same noise.
    case drift

    /// The metric compares a student's samples with the teacher's one by one, from the same noise.
    public var comparesPairs: Bool { self == .pairedError || self == .drift }

    /// The metric is taken on features, and so depends on their extractor.
    public var readsFeatures: Bool {
        switch self {
        case .frechetDistance, .classAccuracy, .classifierScore, .kernelDistance, .precision, .recall, .density,
            .coverage, .memorisation:
            true
        case .slicedWasserstein, .pairedError, .varianceRatio, .energyDistance, .meanDiscrepancy, .coveredModes,
            .highQualityShare, .modeVariation, .drift:
            false
        }
    }

    /// The metric compares two sets of samples, so that it may be taken against the data too.
    public var comparesSets: Bool {
        switch self {
        case .frechetDistance, .slicedWasserstein, .kernelDistance, .precision, .recall, .density, .coverage,
            .varianceRatio, .energyDistance, .meanDiscrepancy, .memorisation:
            true
        case .pairedError, .classAccuracy, .classifierScore, .coveredModes, .highQualityShare, .modeVariation, .drift:
            false
        }
    }
}
