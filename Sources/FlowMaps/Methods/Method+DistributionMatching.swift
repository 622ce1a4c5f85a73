/// One-step students whose samples' distribution is matched, from prior noise alone.
extension Method {
    /// arXiv 2311.18828: five updates of the auxiliary for one of the student, and a second term of regression on pairs.
    public static let dmd = matched(
        "dmd", .score(levels: levels, weight: .normalised), updates: 5,
        secondTerm: SecondTerm(share: 0.25, term: .velocity(.oneStep, states: .teacherPairs)))

    /// arXiv 2405.14867 without its adversarial part, which needs data.
    public static let dmd2 = matched("dmd2", .score(levels: karras(to: 0.98), weight: .normalised), updates: 5)

    /// arXiv 2305.18455, 2305.16213.
    public static let vsd = matched("vsd", .score(levels: levels, weight: .denoiser))

    /// arXiv 2404.04057, with α = ½; with the published 1.2 a student with the data's first two moments does not move.
    public static let sid = matched("sid", .fisher(levels: karras(to: 0.8), weight: .normalised, alpha: 0.5))

    /// arXiv 2410.19310.
    public static let fgm = matched("fgm", .fisher(levels: levels, weight: .velocity, alpha: 0.5))

    /// Places between the 1,000 noise levels of EDM from 0.002 to 80 with ρ = 7, of which arXiv 2405.14867 leaves out 2 % at both ends
    /// and arXiv 2404.04057 the upper 20 %.
    private static func karras(to end: Double) -> TimeDistribution {
        .karras(smallest: 0.002, largest: 80, rho: 7, from: 0.02, to: end)
    }

    /// Uniform times without 2 % at both ends.
    private static let levels = TimeDistribution.uniform(from: 0.02, to: 0.98)

    /// The auxiliary learns at twice the student's rate.
    /// - Parameter updates: of the auxiliary for one of the student. One, as three of them are published, leaves it behind a student
    ///   this fast. On the digits, after 1,000 steps, `fgm` was 10 to 11 floors away with one and 1.5 with two, `vsd` 5.8 and 1.9, `sid` 3.7
    ///   and 1.6; on eight Gaussians 4.6 and 4.0, 3.0 and 3.1, 2.3 and 3.3.
    private static func matched(
        _ name: MethodName, _ target: Target, updates: Int = 2, secondTerm: SecondTerm? = nil
    ) -> Method {
        Method(
            name, main: Term(states: .prior, times: .oneStep, target: target, weighting: .plain),
            secondTerm: secondTerm, auxiliary: AuxiliaryTraining(learningRateRatio: 2, updates: updates),
            sampling: .map)
    }
}
