/// Consistency models trained from data: maps to s = 0 alone.
extension MethodName {
    var consistencyTrained: Method {
        switch self {
        case .ct: consistencyTraining
        case .iCT: improved
        case .ect: easy
        default: continuous
        }
    }

    /// arXiv 2410.11081, sCT on the straight path: the tangent of the pair, normalised with c = 0.1, ramped up.
    private var continuous: Method {
        Method(
            self,
            main: Term(
                states: Self.data, times: .toData(times: Self.covered(-0.8, 1.6)),
                target: .eulerian(velocity: .conditional, warmUp: 0.1),
                weighting: Weighting(space: .velocity, residual: .normalised(constant: 0.1), time: .one)),
            sampling: .restart)
    }

    /// arXiv 2303.01469: a moving average as the target; its grid is here uniform in t.
    private var consistencyTraining: Method {
        trained(
            .doubling(from: 2, to: 64), .average(halfLife: 0.002),
            Weighting(space: .state, residual: .plain, time: .one), start: .untrained)
    }

    /// arXiv 2310.14189: the student as the target, pseudo-Huber distance, weight 1 / (σ − σ_r), grids doubled from 10 to 1280.
    private var improved: Method {
        trained(
            .doubling(from: 10, to: 1280), .student,
            Weighting(space: .state, residual: .decay(exponent: 0.5, epsilon: Self.huber), time: .sigmaGap),
            start: .untrained)
    }

    /// arXiv 2406.14548: from a trained teacher, the neighbour at a share of σ that comes closer over the training.
    private var easy: Method {
        trained(
            .sigmaShare(base: 2, stages: 8), .student,
            Weighting(space: .state, residual: .decay(exponent: 0.5, epsilon: Self.huber), time: .sigmaGap),
            start: .teacher)
    }

    /// c² / d with c = 0.00054 √d (arXiv 2310.14189).
    private static let huber = 0.00054 * 0.00054

    private func trained(
        _ neighbour: Neighbour, _ network: TargetNetwork, _ weighting: Weighting, start: Method.Start
    ) -> Method {
        Method(
            self, start: start,
            main: Term(
                states: Self.data, times: .toData(times: Self.covered(0, 1.6)),
                target: .consistency(neighbour: neighbour, solver: .conditional, network: network),
                weighting: weighting), sampling: .restart)
    }
}
