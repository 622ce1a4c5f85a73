import Tensors
import FlowMaps
import Testing

@Suite("Distances between samples")
struct MetricDistanceTests {
    /// A few hundred roundings of double precision at magnitudes of ten.
    private let rounding = 1e-11
    /// Samples are single precision: a shift or scale rounds each by 6e-8.
    private let single = 1e-6

    private func normal(_ count: Int, seed: UInt64) -> [Float] { RandomKey(seed: seed).normal(count: count) }

    private func shifted(_ samples: [Float], by shift: [Float]) -> [Float] {
        samples.indices.map { samples[$0] + shift[$0 % shift.count] }
    }

    @Test("the Fréchet distance of a set from itself is zero")
    func frechetSelf() {
        let samples = normal(500 * 8, seed: 1)
        let moments = GaussianMoments(samples: samples, dimension: 8)
        #expect(FrechetDistance(reference: moments)(samples) < rounding)
    }

    @Test("the Fréchet distance of commuting Gaussians is |μ₁ - μ₂|² + Σ (σ₁ - σ₂)²")
    func frechetClosedForm() {
        let distance = FrechetDistance(reference: GaussianMoments(mean: [1, 2], covariance: [4, 0, 0, 9]))
        let value = distance(GaussianMoments(mean: [-2, 6], covariance: [25, 0, 0, 1]))
        #expect(abs(value - (9 + 16 + 9 + 4)) < rounding)
        // Both turned by 45 degrees: the covariances of (4, 9) and (25, 1) commute still.
        let turned = FrechetDistance(reference: GaussianMoments(mean: [0, 0], covariance: [6.5, -2.5, -2.5, 6.5]))
        #expect(abs(turned(GaussianMoments(mean: [3, 4], covariance: [13, 12, 12, 13])) - (25 + 9 + 4)) < rounding)
    }

    @Test("the Fréchet distance does not depend on which set is the reference")
    func frechetSymmetric() {
        let first = GaussianMoments(samples: normal(300 * 6, seed: 2), dimension: 6)
        let second = GaussianMoments(samples: normal(200 * 6, seed: 3).map { 2 * $0 + 1 }, dimension: 6)
        let (forward, back) = (FrechetDistance(reference: first)(second), FrechetDistance(reference: second)(first))
        #expect(abs(forward - back) < rounding)
        #expect(forward > 6)
    }

    @Test("a singular covariance has a Fréchet distance")
    func frechetSingular() {
        // One point against the unit normal: |μ|² + Tr Σ.
        let distance = FrechetDistance(reference: GaussianMoments(mean: [0, 0], covariance: [1, 0, 0, 1]))
        #expect(abs(distance([3, 4, 3, 4, 3, 4]) - 27) < rounding)
    }

    @Test("the sliced Wasserstein distance of a translation in the plane is its length over √2")
    func slicedTranslation() {
        let samples = normal(2 * 700, seed: 4)
        let distance = SlicedWasserstein(reference: samples, dimension: 2, directionCount: 128)
        #expect(distance(samples) == 0)
        #expect(abs(distance(shifted(samples, by: [3, -4])) - 5 / 2.0.squareRoot()) < single)
    }

    @Test("the sliced Wasserstein distance of a scaling is the change of scale times the projections' size")
    func slicedScale() {
        let samples = normal(2 * 500, seed: 5)
        let distance = SlicedWasserstein(reference: samples, dimension: 2, directionCount: 128)
        let square = samples.reduce(0.0) { $0 + Double($1) * Double($1) } / 500
        #expect(abs(distance(samples.map { 3 * $0 }) - 2 * (square / 2).squareRoot()) < single)
    }

    @Test("a translation in many dimensions is as far as the directions that are drawn say")
    func slicedHigh() {
        let (samples, shift) = (normal(16 * 200, seed: 6), normal(16, seed: 7))
        let distance = SlicedWasserstein(reference: samples, dimension: 16, directionCount: 64)
        var (total, lengths) = (0.0, 0.0)
        for direction in 0..<64 {
            let theta = distance.directions[16 * direction..<16 * (direction + 1)]
            let projection = zip(theta, shift).reduce(0.0) { $0 + $1.0 * Double($1.1) }
            total += projection * projection
            lengths += theta.reduce(0.0) { $0 + $1 * $1 }
        }
        #expect(abs(lengths - 64) < rounding)
        #expect(abs(distance(shifted(samples, by: shift)) - (total / 64).squareRoot()) < single)
    }

    @Test("unequal counts compare quantile functions exactly")
    func slicedUnequal() {
        // In one dimension: quantiles 0 | 3 against 0 | 1 | 2, steps at 1/3, 1/2, 2/3: 1/6 · (0 - 1)² + 1/6 · (3 - 1)²
        // + 1/3 · (3 - 2)² = 7/6.
        let distance = SlicedWasserstein(reference: [2, 0, 1], dimension: 1, directionCount: 3)
        #expect(abs(distance([3, 0]) - (7.0 / 6).squareRoot()) < rounding)
        // Repeating a set changes nothing.
        let samples = normal(2 * 50, seed: 8)
        let planar = SlicedWasserstein(reference: samples, dimension: 2, directionCount: 32)
        #expect(planar(samples + samples + samples) == 0)
    }

    @Test("the energy distance of four points is the one worked out by hand")
    func energyByHand() {
        // X = 0, 2 and Y = 1, 5: E|X - Y| = (1 + 5 + 1 + 3)/4, E|X - X'| = 2, E|Y - Y'| = 4.
        #expect(abs(EnergyDistance(reference: [1, 5], dimension: 1)([0, 2]) - (5 - 2 - 4)) < rounding)
        // In the plane: a 3-4-5 triangle.
        let value = EnergyDistance(reference: [0, 0, 3, 0], dimension: 2)([0, 4, 3, 4])
        #expect(abs(value - (2 * (4 + 5 + 5 + 4) / 4.0 - 3 - 3)) < rounding)
    }

    @Test("the energy distance of one distribution is around zero, and of two far points about twice their distance")
    func energyLaws() {
        let distance = EnergyDistance(reference: normal(2 * 500, seed: 9), dimension: 2)
        // The standard deviation of this estimate over seeds is 3e-3.
        #expect(abs(distance(normal(2 * 500, seed: 10))) < 0.01)
        let far = distance(shifted(normal(2 * 500, seed: 10), by: [1000, 0]))
        // Minus E|X - X'| of the plane's normal distribution, √π, twice.
        #expect(abs(far - (2000 - 2 * Double.pi.squareRoot())) < 1)
    }

    @Test("samples that are not finite give no finite distance", arguments: [Float.nan, .infinity, -.infinity])
    func notFinite(value: Float) {
        let (reference, samples) = (normal(2 * 20, seed: 11), normal(2 * 19, seed: 12) + [value, 0])
        let moments = GaussianMoments(samples: reference, dimension: 2)
        #expect(FrechetDistance(reference: moments)(samples).isNaN)
        #expect(SlicedWasserstein(reference: reference, dimension: 2, directionCount: 8)(samples).isFinite == false)
        #expect(EnergyDistance(reference: reference, dimension: 2)(samples).isNaN)
    }
}
