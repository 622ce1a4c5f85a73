import Tensors
import Foundation

/// The two-dimensional sets that generative models are shown on, each a mixture with one label a component.
///
/// A sample takes a component k with equal chances, u and v uniform on (0, 1) and a and b standard normal, and follows
/// the set's formula. The result is centred and scaled by the distribution's own mean and standard deviation on each axis, which
/// have closed forms, so both axes have mean zero and unit variance.
///
/// The proportions are those of the toy data of FFJORD (Grathwohl et al., ICLR 2019), where not said otherwise.
public enum PlanarSet: String, CaseIterable, Codable, Hashable, Sendable {
    /// R (cos 2πk/8, sin 2πk/8) + σ (a, b), with R = 4 and σ = 1/2; k below 8.
    case eightGaussians
    /// The eight dark squares of a four by four board: (i + u - 2, 2j + (i mod 2) + v - 2), i = k mod 4, j = k div 4.
    case checkerboard
    /// (cos πu, sin πu) or (1 - cos πu, ½ - sin πu), + σ (a, b), with σ = 0.1, as in scikit-learn.
    case twoMoons
    /// r (cos 2πu, sin 2πu) + σ (a, b), with r = (k + 1)/4 and σ = 0.08; k below 4.
    case rings
    /// (1 + 0.3 a, 0.1 b) turned by 2πk/5 + ¼ exp(1 + 0.3 a) (Johnson et al., NeurIPS 2016); k below 5.
    case pinwheel
    /// ±n (-cos n, sin n)/3 + σ (a, b), with n = 3π √u and σ = 0.1; without the shift by ½ (u, v) that some add.
    case spirals

    /// The number of components, which is the number of classes.
    public var componentCount: Int {
        switch self {
        case .eightGaussians, .checkerboard: 8
        case .twoMoons, .spirals: 2
        case .rings: 4
        case .pinwheel: 5
        }
    }

    /// Draws `count` samples, named by the key; a longer draw begins with the shorter one.
    public func dataset(count: Int, key: RandomKey) -> Dataset {
        let components = key.folding("component").integers(count: count, below: componentCount)
        let uniform = key.folding("place").uniform(count: 2 * count).map(Double.init)
        let normal = key.folding("noise").normal(count: 2 * count).map(Double.init)
        let (centre, variance) = moments
        let scale = Plane(1 / variance.x.squareRoot(), 1 / variance.y.squareRoot())
        var samples: [Float] = []
        samples.reserveCapacity(2 * count)
        for index in 0..<count {
            let point = point(
                component: components[index], uniform: Plane(uniform[2 * index], uniform[2 * index + 1]),
                normal: Plane(normal[2 * index], normal[2 * index + 1]))
            samples.append(Float((point.x - centre.x) * scale.x))
            samples.append(Float((point.y - centre.y) * scale.y))
        }
        return Dataset(
            name: rawValue, samples: samples, dimension: 2, labels: components, classCount: componentCount)
    }

    /// The eight Gaussians after scaling: their means, row-major `[8 × 2]`, and the standard deviation on each axis.
    public static var eightGaussiansModes: (means: [Double], standardDeviation: Double) {
        let spread = eightGaussians.moments.variance.x.squareRoot()
        let means = (0..<8).flatMap { component in
            let centre = eightGaussians.point(component: component, uniform: Plane(0, 0), normal: Plane(0, 0))
            return [centre.x / spread, centre.y / spread]
        }
        return (means, gaussianNoise / spread)
    }
}

/// A pair of coordinates.
private struct Plane {
    var x, y: Double

    init(_ x: Double, _ y: Double) {
        self.x = x
        self.y = y
    }

    init(radius: Double, angle: Double) { self.init(radius * cos(angle), radius * sin(angle)) }

    static func + (first: Plane, second: Plane) -> Plane { Plane(first.x + second.x, first.y + second.y) }
    static func * (factor: Double, point: Plane) -> Plane { Plane(factor * point.x, factor * point.y) }
}

extension PlanarSet {
    // FFJORD: scale 4 and noise 0.5.
    private static let gaussianRadius = 4.0, gaussianNoise = 0.5
    // FFJORD, through scikit-learn's make_moons with noise 0.1.
    private static let moonNoise = 0.1
    // FFJORD: four rings with noise 0.08 before scaling.
    private static let ringNoise = 0.08
    // Johnson et al. 2016: radial and tangential standard deviations and rate, for five arms.
    private static let armLength = 0.3, armWidth = 0.1, armRate = 0.25
    // FFJORD: one and a half turns (540 degrees), divided by 3, noise 0.1.
    private static let spiralEnd = 3 * Double.pi, spiralPitch = 3.0, spiralNoise = 0.1

    /// The set's formula, before centring and scaling.
    private func point(component k: Int, uniform: Plane, normal: Plane) -> Plane {
        switch self {
        case .eightGaussians:
            return Plane(radius: Self.gaussianRadius, angle: 2 * .pi * Double(k) / 8) + Self.gaussianNoise * normal
        case .checkerboard:
            return uniform + Plane(Double(k % 4 - 2), Double(2 * (k / 4) + k % 2 - 2))
        case .twoMoons:
            let arc = Plane(radius: 1, angle: .pi * uniform.x)
            return (k == 0 ? arc : Plane(1, 0.5) + -1 * arc) + Self.moonNoise * normal
        case .rings:
            return Plane(radius: Double(k + 1) / 4, angle: 2 * .pi * uniform.x) + Self.ringNoise * normal
        case .pinwheel:
            let (along, across) = (1 + Self.armLength * normal.x, Self.armWidth * normal.y)
            let angle = 2 * .pi * Double(k) / 5 + Self.armRate * exp(along)
            return Plane(radius: along, angle: angle) + Plane(radius: across, angle: angle + .pi / 2)
        case .spirals:
            let angle = Self.spiralEnd * uniform.x.squareRoot()
            let arm = (k == 0 ? 1 : -1) / Self.spiralPitch * Plane(radius: angle, angle: .pi - angle)
            return arm + Self.spiralNoise * normal
        }
    }

    /// The distribution's mean and variance on each axis, before centring and scaling.
    private var moments: (centre: Plane, variance: Plane) {
        let origin = Plane(0, 0)
        switch self {
        case .eightGaussians:
            let variance = Self.gaussianRadius * Self.gaussianRadius / 2 + Self.gaussianNoise * Self.gaussianNoise
            return (origin, Plane(variance, variance))
        case .checkerboard:
            // Both axes are uniform on [-2, 2].
            return (origin, Plane(4.0 / 3, 4.0 / 3))
        case .twoMoons:
            // On an arc cos has mean 0 and square ½, sin has mean 2/π and square ½; the moons' means differ by 1 on the
            // first axis and by 4/π - ½ on the second, and half of that squared adds to the variance.
            let (rise, noise) = (2 / Double.pi, Self.moonNoise * Self.moonNoise)
            let between = rise - 0.25
            return (Plane(0.5, 0.25), Plane(0.75 + noise, 0.5 - rise * rise + between * between + noise))
        case .rings:
            let variance = (1.0 + 4 + 9 + 16) / 16 / 4 / 2 + Self.ringNoise * Self.ringNoise
            return (origin, Plane(variance, variance))
        case .pinwheel:
            // Five-fold symmetry makes the axes alike: half of the mean squared radius.
            let variance = (1 + Self.armLength * Self.armLength + Self.armWidth * Self.armWidth) / 2
            return (origin, Plane(variance, variance))
        case .spirals:
            // n has density 2n/e² on [0, e], e = 3π: E n² cos² n = e²/4 + ¾ and E n² sin² n = e²/4 - ¾.
            let (mean, noise) = (Self.spiralEnd * Self.spiralEnd / 4, Self.spiralNoise * Self.spiralNoise)
            let square = Self.spiralPitch * Self.spiralPitch
            return (origin, Plane((mean + 0.75) / square + noise, (mean - 0.75) / square + noise))
        }
    }
}
