extension Weighting {
    /// The squared error of velocities.
    static let plain = Weighting(space: .velocity, residual: .plain, time: .one)
    /// The residual between velocities, normalised with c = 0.1 (arXiv 2410.11081, 2506.14603).
    static let normalised = Weighting(space: .velocity, residual: .normalised(constant: 0.1), time: .one)

    static func adaptive(power: Double, epsilon: Double, over: AdaptiveWeight.Reduction? = nil) -> Weighting {
        Weighting(
            space: .velocity, residual: .adaptiveWeight(AdaptiveWeight(power: power, epsilon: epsilon, over: over)),
            time: .one)
    }
}
