/// Consistency models with a step between neighbours: maps to s = 0 alone.
extension Method {
    /// arXiv 2303.01469: a moving average as the target; its grid is here uniform in t.
    public static let ct = trained(
        "ct", .doubling(from: 2, to: 64), .average(halfLife: 0.002),
        Weighting(space: .state, residual: .plain, time: .one), start: .untrained)

    /// arXiv 2310.14189: the student as the target, pseudo-Huber distance, weight 1 / (σ − σ_r), grids doubled from 10 to 1280.
    public static let iCT = trained("iCT", .doubling(from: 10, to: 1280), .student, .huber, start: .untrained)

    /// arXiv 2406.14548: from a trained teacher, the neighbour at a share of σ that comes closer over the training.
    public static let ect = trained("ect", .sigmaShare(base: 2, stages: 8), .student, .huber, start: .teacher)

    /// arXiv 2303.01469, distilled: 32 levels, uniform in t, a step of the teacher by Heun's method between neighbours.
    public static let cd = Method(
        "cd",
        main: Term(
            states: .plainData, times: .toData(times: .everywhere),
            target: .consistency(neighbour: .grid(levels: 32), solver: .heun, network: .average(halfLife: 0.002)),
            weighting: Weighting(space: .state, residual: .plain, time: .one)), sampling: .restart)

    private static func trained(
        _ name: MethodName, _ neighbour: Neighbour, _ network: TargetNetwork, _ weighting: Weighting, start: Start
    ) -> Method {
        Method(
            name, start: start,
            main: Term(
                states: .plainData, times: .toData(times: .covered(0, 1.6)),
                target: .consistency(neighbour: neighbour, solver: .conditional, network: network),
                weighting: weighting), sampling: .restart)
    }
}

extension Weighting {
    /// c² / d with c = 0.00054 √d (arXiv 2310.14189).
    fileprivate static let huber = Weighting(
        space: .state, residual: .adaptiveWeight(AdaptiveWeight(power: 0.5, epsilon: 0.00054 * 0.00054)),
        time: .sigmaGap)
}
