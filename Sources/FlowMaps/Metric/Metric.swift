/// What a set of samples is scored by: one number each, but for the drift, which is a curve.
///
/// Where a study takes a metric "on features", they are a classifier's where the study trains one, else the samples
/// themselves.
public enum Metric: String, Codable, Hashable, Sendable, CaseIterable {
    /// `FrechetDistance`, on features.
    case frechetDistance
    /// `SlicedWasserstein`, on samples.
    case slicedWasserstein
    /// `PairedError`, from the same noise.
    case pairedError
    /// `ClassAccuracy` of the classifier against the class that was asked for.
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
    /// What `ModeCoverage` counts, for mixtures of Gaussians.
    case coveredModes, highQualityShare, modeVariation
    /// `Memorisation`, on features; against the data alone.
    case memorisation
    /// `DriftCurve`, from the same noise.
    case drift

    /// Whether a student's samples are compared with the teacher's one by one, from the same noise.
    public var comparesPairs: Bool { self == .pairedError || self == .drift }

    /// Whether a metric is taken on features, and so depends on what extracts them.
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
}
