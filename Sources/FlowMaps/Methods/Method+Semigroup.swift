/// Methods whose target is two steps in one.
extension Method {
    /// arXiv 2410.12557: one bootstrapped row of eight; the rest is flow matching conditioned on the shortest step,
    /// 2⁻⁷.
    public static let shortcut = Method(
        "shortcut", start: .untrained,
        main: Term(
            states: .plainData, times: .dyadic(levels: 7),
            target: .semigroup(middle: .half, network: .average(halfLife: 0.01)), weighting: .plain),
        secondTerm: SecondTerm(share: 0.875, term: .velocity(.gap(length: .point(at: 0x1p-7)))), sampling: .map)

    /// arXiv 2202.00512: two steps of the predecessor in one, from 64 steps to one in seven stages.
    public static let progressive = Method(
        "progressive",
        main: Term(
            states: .plainData, times: .halving(steps: 64, stages: 7),
            target: .semigroup(middle: .half, network: .predecessor(stages: 7)), weighting: .plain), sampling: .map)
}
