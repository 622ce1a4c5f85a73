extension PlanarSet {
    /// The distribution of the samples, where it is a mixture of Gaussians: its velocity is known exactly.
    public var distribution: GaussianMixture? {
        guard self == .eightGaussians else { return nil }
        let (means, deviation) = Self.eightGaussiansModes
        return GaussianMixture(
            means: stride(from: 0, to: means.count, by: 2).map { [means[$0], means[$0 + 1]] }, deviation: deviation)
    }

    /// The modes of a set that is an even mixture of Gaussians.
    package var modes: ModeCoverage? {
        guard self == .eightGaussians else { return nil }
        let (means, deviation) = Self.eightGaussiansModes
        let weights = [Double](repeating: 2 / Double(means.count), count: means.count / 2)
        return ModeCoverage(means: means, weights: weights, standardDeviation: deviation)
    }
}
