/// Methods that learn from data alone.
extension MethodName {
    var fromScratch: Method {
        switch self {
        case .shortcut: shortcut
        case .imm: inductiveMoments
        case .stei, .stee: secantTraining
        case .meanFlowFromScratch: meanFlow
        case .decoupledMeanFlow: decoupledMeanFlow
        default:
            // arXiv 2210.02747: the velocity alone, sampled in steps.
            Method(
                self, start: .untrained, main: Self.velocity(.diagonal(times: Self.uniform)), sampling: .velocity)
        }
    }

    /// arXiv 2410.12557: one bootstrapped row of eight; the rest is flow matching told the shortest step, 2⁻⁷.
    private var shortcut: Method {
        Method(
            self, start: .untrained,
            main: Term(
                states: Self.data, times: .dyadic(levels: 7),
                target: .semigroup(middle: .half, network: .average(halfLife: 0.01)), weighting: .plain),
            beside: .init(share: 0.875, term: Self.velocity(.gap(length: .point(at: 0x1p-7)))), sampling: .map)
    }

    /// arXiv 2503.07565, table 5 for ImageNet: groups of four, k = 12, a = 1, b = 4.
    private var inductiveMoments: Method {
        Method(
            self, start: .untrained,
            main: Term(
                states: Self.data, times: .pair(first: Self.uniform, second: Self.uniform, equal: 0),
                target: .moments(
                    neighbour: .sigmaStep(largest: 160, halvings: 12), solver: .conditional, group: 4,
                    weight: MomentWeight(power: 1, bias: 4)), weighting: .plain), sampling: .map)
    }

    /// arXiv 2505.14502: with λ = 1 beside flow matching where the velocity is the student's own; on the grid of a sampler where
    /// it is the data's, which needs rows at t = 1, s = 0 to sample in one step.
    private var secantTraining: Method {
        if self == .stei {
            return Method(
                self, start: .untrained,
                main: Term(
                    states: Self.data, times: .pair(first: Self.uniform, second: Self.uniform, equal: 0),
                    target: .secant(velocity: .student, estimate: .interior), weighting: .plain),
                beside: Self.flowMatching(share: 0.5), sampling: .map)
        }
        let ends = { (end: Double) in
            TimeDistribution.mixture(of: [.init(weight: 1, law: Self.uniform), .init(weight: 1, law: .point(at: end))])
        }
        return Method(
            self, start: .untrained,
            main: Term(
                states: Self.data, times: .pair(first: ends(1), second: ends(0), equal: 0.25),
                target: .secant(velocity: .conditional, estimate: .end), weighting: .plain), sampling: .map)
    }

    /// arXiv 2505.13447: three rows of four with s = t, k = 1, of data velocities.
    private var meanFlow: Method {
        Method(
            self, start: .untrained,
            main: Term(
                states: Self.data,
                times: .pair(first: Self.covered(-0.4, 1), second: Self.covered(-0.4, 1), equal: 0.5),
                target: .eulerian(velocity: .conditional, warmUp: 0), weighting: Self.decayed(1, 0.01)),
            sampling: .map)
    }

    /// arXiv 2510.24474: flow matching and MeanFlow on rows of their own, from a trained teacher, in a network whose first 20 of 28
    /// blocks see t and whose others see s; both losses under Cauchy's law with a learned scale.
    private var decoupledMeanFlow: Method {
        Method(
            self,
            main: Term(
                states: Self.data,
                times: .pair(first: Self.covered(0.4, 1), second: Self.covered(-1.2, 1), equal: 0),
                target: .eulerian(velocity: .conditional, warmUp: 0), weighting: Self.learned(.cauchy)),
            beside: Method.Beside(
                share: 0.5,
                term: Term(
                    states: Self.data, times: .diagonal(times: Self.covered(0, 1)),
                    target: .direct(velocity: .conditional), weighting: Self.learned(.cauchy))),
            sampling: .map, form: MapForm(conditioning: .decoupled(early: 5.0 / 7)))
    }

    /// arXiv 2505.18825: three rows of four are flow matching, the others uniform on the triangle s < t, targets from the student.
    var selfDistilled: Method {
        let target: Target =
            switch self {
            case .lsd: .lagrangian(velocity: .student)
            case .esd: .eulerian(velocity: .student, warmUp: 0)
            default: .semigroup(middle: .uniform, network: .student)
            }
        return Method(
            self, start: .untrained,
            main: Term(
                states: Self.data, times: .pair(first: Self.uniform, second: Self.uniform, equal: 0), target: target,
                weighting: .plain), beside: Self.flowMatching(share: 0.75), sampling: .map)
    }
}
