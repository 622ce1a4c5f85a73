import FlowMaps

/// The metrics that compare samples with one reference set.
struct SetComparison {
    private let frechet: FrechetDistance?
    private let kernel: KernelDistance?
    private let support: SupportOverlap?
    private let wasserstein: SlicedWasserstein?
    private let energy: EnergyDistance?
    private let meanDiscrepancy: MeanDiscrepancy?
    private let variance: VarianceRatio?
    private let memorisation: Memorisation?

    /// - Parameters:
    ///   - samples: the reference set, `[count × dimension]`, row-major.
    ///   - features: its features, `[count × width]`.
    ///   - projections: those of the sliced Wasserstein distance.
    init(
        of metrics: [Metric], samples: [Float], dimension: Int, features: [Float], width: Int, projections: Int
    ) {
        func made<Made>(_ own: Metric..., by make: () -> Made) -> Made? {
            own.contains(where: metrics.contains) ? make() : nil
        }
        frechet = made(.frechetDistance) {
            FrechetDistance(reference: GaussianMoments(samples: features, dimension: width))
        }
        kernel = made(.kernelDistance) { KernelDistance(reference: features, dimension: width) }
        support = made(.precision, .recall, .density, .coverage) {
            SupportOverlap(reference: features, dimension: width)
        }
        wasserstein = made(.slicedWasserstein) {
            SlicedWasserstein(reference: samples, dimension: dimension, directionCount: projections)
        }
        energy = made(.energyDistance) { EnergyDistance(reference: samples, dimension: dimension) }
        meanDiscrepancy = made(.meanDiscrepancy) { MeanDiscrepancy(reference: samples, dimension: dimension) }
        variance = made(.varianceRatio) { VarianceRatio(reference: samples, dimension: dimension) }
        memorisation = made(.memorisation) { Memorisation(training: features, dimension: width) }
    }

    /// The Fréchet distance to known moments alone.
    init(with moments: GaussianMoments) {
        frechet = FrechetDistance(reference: moments)
        (kernel, support, wasserstein, energy) = (nil, nil, nil, nil)
        (meanDiscrepancy, variance, memorisation) = (nil, nil, nil)
    }

    /// The Fréchet distance is among the metrics.
    var hasDistance: Bool { frechet != nil }

    /// The Fréchet distance alone; nil where it is not among the metrics.
    func distance(ofFeatures features: [Float]) -> Double? { frechet?(features) }

    /// The scores of samples, of the metrics that compare sets; each is computed when it is asked for.
    func callAsFunction(_ samples: [Float], features: [Float]) -> (Metric) -> Double? {
        var known: SupportOverlap.Result?
        // One computation gives all four shares.
        func shares() -> SupportOverlap.Result? {
            if known == nil { known = support?(features) }
            return known
        }
        return { metric in
            switch metric {
            case .frechetDistance: frechet?(features)
            case .slicedWasserstein: wasserstein?(samples)
            case .kernelDistance: kernel?(features)
            case .precision: shares()?.precision
            case .recall: shares()?.recall
            case .density: shares()?.density
            case .coverage: shares()?.coverage
            case .varianceRatio: variance?(samples)
            case .energyDistance: energy?(samples)
            case .meanDiscrepancy: meanDiscrepancy?(samples)
            case .memorisation: memorisation?(features)
            case .pairedError, .classAccuracy, .classifierScore, .coveredModes, .highQualityShare, .modeVariation,
                .drift:
                nil
            }
        }
    }
}
