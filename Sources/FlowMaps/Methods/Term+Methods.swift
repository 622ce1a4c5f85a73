extension Term {
    /// Regression of F on the velocity of the pair of sample and noise.
    static func velocity(_ times: TimePairs, states: StateSource = .plainData) -> Term {
        Term(states: states, times: times, target: .direct(velocity: .conditional), weighting: .plain)
    }
}

extension SecondTerm {
    /// Flow matching on rows of their own, which a map learned without a teacher needs.
    static func flowMatching(share: Double, _ times: TimeDistribution = .everywhere) -> SecondTerm {
        SecondTerm(share: share, term: .velocity(.diagonal(times: times)))
    }
}
