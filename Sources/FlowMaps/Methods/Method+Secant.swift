/// Secant losses (arXiv 2505.14502): F is the mean of the velocity at a random point of the way.
extension Method {
    /// The interior estimate by the student's own velocity, with λ = 1 beside flow matching.
    public static let stei = Method(
        "stei", start: .untrained,
        main: Term(
            states: .plainData, times: .triangle, target: .secant(velocity: .student, estimate: .interior),
            weighting: .plain), secondTerm: .flowMatching(share: 0.5), sampling: .map)

    /// The end estimate by the data's velocity, with rows at t = 1, s = 0, which one-step sampling needs.
    public static let stee = Method(
        "stee", start: .untrained,
        main: Term(
            states: .plainData, times: .pair(first: .halfAt(1), second: .halfAt(0), equal: 0.25),
            target: .secant(velocity: .conditional, estimate: .end), weighting: .plain), sampling: .map)

    /// The interior estimate by the teacher's velocity at the state that the student reaches.
    public static let sdei = Method(
        "sdei",
        main: Term(
            states: .plainData, times: .triangle, target: .secant(velocity: .teacher, estimate: .interior),
            weighting: .plain), sampling: .map)

    /// The end estimate by the teacher's velocity at a state from data, from which the student goes up as well as
    /// down.
    public static let sdee = Method(
        "sdee",
        main: Term(
            states: .plainData, times: .reachingEnds, target: .secant(velocity: .teacher, estimate: .end),
            weighting: .plain), sampling: .map)
}

extension TimeDistribution {
    /// Half uniform, half at an end of time.
    fileprivate static func halfAt(_ end: Double) -> TimeDistribution {
        .mixture(of: [.init(weight: 1, distribution: everywhere), .init(weight: 1, distribution: .point(at: end))])
    }
}
