/// Methods that need the teacher alone.
extension MethodName {
    var dataFree: Method {
        switch self {
        // arXiv 2209.03003: regression on pairs of noise and end point, at the ends or on the whole straight path between.
        case .kd: Method(self, main: Self.velocity(Self.prior, states: Self.teacherPairs), sampling: .map)
        case .reflow:
            Method(
                self, main: Self.velocity(.diagonal(times: Self.uniform), states: Self.teacherPairs),
                sampling: .velocity)
        // arXiv 2311.18828: five updates of the auxiliary for one of the student, regression on pairs beside it.
        case .dmd:
            matched(
                .score(levels: Self.scoreLevels, weight: .normalised), updates: 5,
                beside: .init(share: 0.25, term: Self.velocity(Self.prior, states: Self.teacherPairs)))
        // arXiv 2405.14867 without its adversarial part, which needs data.
        case .dmd2: matched(.score(levels: Self.scoreLevels, weight: .normalised), updates: 5)
        // arXiv 2305.18455, 2305.16213.
        case .vsd: matched(.score(levels: Self.scoreLevels, weight: .denoiser))
        // arXiv 2404.04057, with α = ½; its own 1.2 keeps a student whose first two moments are the data's where it is.
        case .sid: matched(.fisher(levels: Self.scoreLevels, weight: .normalised, alpha: 0.5))
        // arXiv 2410.19310.
        default: matched(.fisher(levels: Self.scoreLevels, weight: .velocity, alpha: 0.5))
        }
    }

    /// One-step students whose samples' law is matched. The auxiliary learns at twice the student's rate.
    /// - Parameter updates: of the auxiliary for one of the student. One, as three of them are published, leaves it behind a student
    ///   this fast. On the digits, after 1,000 steps, `fgm` was 10 to 11 floors away with one and 1.5 with two, `vsd` 5.8 and 1.9, `sid` 3.7
    ///   and 1.6; on eight Gaussians 4.6 and 4.0, 3.0 and 3.1, 2.3 and 3.3.
    private func matched(_ target: Target, updates: Int = 2, beside: Method.Beside? = nil) -> Method {
        Method(
            self, main: Term(states: .prior, times: Self.prior, target: target, weighting: .plain), beside: beside,
            auxiliary: .init(rate: 2, updates: updates), sampling: .map)
    }
}
