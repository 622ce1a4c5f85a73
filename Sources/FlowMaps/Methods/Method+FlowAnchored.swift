/// Consistency anchored by the velocity itself.
extension Method {
    /// arXiv 2507.03738: consistency to s = 0, and the velocity with its direction on as many rows.
    public static let facm = Method(
        "facm",
        main: Term(
            states: .plainData, times: .toData(times: .covered(-0.8, 1.6)),
            target: .eulerian(velocity: .teacher, warmUp: 0),
            weighting: Weighting(
                space: .velocity, residual: .clamped(limit: 1, power: 0.5, epsilon: 1e-3), time: .anchored)),
        secondTerm: SecondTerm(
            share: 0.5,
            term: Term(
                states: .plainData, times: .diagonal(times: .covered(-0.8, 1.6)), target: .direct(velocity: .teacher),
                weighting: Weighting(space: .velocity, residual: .cosine, time: .one))), sampling: .restart)
}
