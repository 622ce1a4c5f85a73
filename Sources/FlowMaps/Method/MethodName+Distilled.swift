/// Methods that distil a teacher at states made from data.
extension MethodName {
    var distilled: Method {
        switch self {
        case .facm: flowAnchored
        case .sCD, .sCDVSD: continuousConsistency
        case .progressive: progressiveDistillation
        case .cd: consistencyDistillation
        case .piFlow: policyImitation
        default: twoTimes
        }
    }

    private static let pairs = TimePairs.pair(first: uniform, second: uniform, equal: 0)

    private var twoTimes: Method {
        func method(_ target: Target, _ weighting: Weighting = .plain, _ times: TimePairs = Self.pairs) -> Method {
            Method(
                self, main: Term(states: Self.data, times: times, target: target, weighting: weighting), sampling: .map)
        }
        switch self {
        // arXiv 2505.14502.
        case .sdei: return method(.secant(velocity: .teacher, estimate: .interior))
        case .sdee: return method(.secant(velocity: .teacher, estimate: .end), .plain, Self.ended)
        // arXiv 2506.14603: the tangent normalised with c = 0.1, ramped up; a quarter of the rows at s = 0.
        case .ayfEMD:
            return method(
                .eulerian(velocity: .teacher, warmUp: 0.1),
                Weighting(space: .velocity, residual: .normalised(constant: 0.1), time: .one), Self.ended)
        case .ayfLMD: return method(.lagrangian(velocity: .teacher))
        // arXiv 2505.13447 with the teacher's velocity, without the decay that its noisy one needs.
        default:
            return method(
                .eulerian(velocity: .teacher, warmUp: 0), .plain,
                .pair(first: Self.uniform, second: Self.uniform, equal: 0.25))
        }
    }

    /// Both ends with an atom of their own.
    private static let ended = TimePairs.pair(
        first: .mixture(of: [.init(weight: 3, law: uniform), .init(weight: 1, law: .point(at: 1))]),
        second: .mixture(of: [.init(weight: 3, law: uniform), .init(weight: 1, law: .point(at: 0))]), equal: 0)

    /// arXiv 2507.03738: consistency to s = 0, anchored by the velocity itself on as many rows. The cosine of the anchor's loss is
    /// left out.
    private var flowAnchored: Method {
        Method(
            self,
            main: Term(
                states: Self.data, times: .toData(times: Self.covered(-0.8, 1.6)),
                target: .eulerian(velocity: .teacher, warmUp: 0),
                weighting: Weighting(
                    space: .velocity, residual: .clamped(limit: 1, exponent: 0.5, epsilon: 1e-3), time: .anchored)),
            beside: .init(
                share: 0.5,
                term: Term(
                    states: Self.data, times: .diagonal(times: Self.covered(-0.8, 1.6)),
                    target: .direct(velocity: .teacher), weighting: .plain)), sampling: .restart)
    }

    /// arXiv 2410.11081 on the straight path; with score distillation of the one-step student on half of the rows.
    private var continuousConsistency: Method {
        let score = Method.Beside(
            share: 0.5,
            term: Term(
                states: .prior, times: Self.prior,
                target: .score(levels: .logitNormal(location: 0.4, scale: 2), weight: .denoiser), weighting: .plain))
        return Method(
            self,
            main: Term(
                states: Self.data, times: .toData(times: Self.covered(-0.8, 1.6)),
                target: .eulerian(velocity: .teacher, warmUp: 0.1),
                weighting: Weighting(space: .velocity, residual: .normalised(constant: 0.1), time: .one)),
            beside: self == .sCDVSD ? score : nil, auxiliary: self == .sCDVSD ? .init(rate: 1, updates: 1) : nil,
            sampling: .restart)
    }

    /// arXiv 2202.00512: two steps of the predecessor in one, from 64 steps to one in seven stages.
    private var progressiveDistillation: Method {
        Method(
            self,
            main: Term(
                states: Self.data, times: .halving(steps: 64, stages: 7),
                target: .semigroup(middle: .half, network: .predecessor(stages: 7)), weighting: .plain), sampling: .map)
    }

    /// arXiv 2510.14974: two places of the policy's own path, by mixtures of 16 (published: 32 a pixel); for samplers of one, two, four
    /// and eight steps alike, where the published students are trained for one number each.
    private var policyImitation: Method {
        Method(
            self,
            main: Term(
                states: Self.data, times: .dyadic(levels: 4), target: .imitation(places: 2, substeps: 16),
                weighting: .plain), sampling: .map,
            form: MapForm(head: .mixture(components: 16, over: .pixel, substeps: 64)))
    }

    /// arXiv 2303.01469: 32 levels, uniform in t, a step of the teacher by Heun's method between neighbours.
    private var consistencyDistillation: Method {
        Method(
            self,
            main: Term(
                states: Self.data, times: .toData(times: Self.uniform),
                target: .consistency(neighbour: .grid(levels: 32), solver: .heun, network: .average(halfLife: 0.002)),
                weighting: Weighting(space: .state, residual: .plain, time: .one)), sampling: .restart)
    }
}
