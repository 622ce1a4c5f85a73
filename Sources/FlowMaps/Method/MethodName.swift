/// The methods that a spec can name; each one's parts are its `method`.
public enum MethodName: String, Codable, Hashable, Sendable, CaseIterable {
    // From data alone.
    case flowMatching, shortcut, imm, stei, stee, meanFlowFromScratch, decoupledMeanFlow, sCT, ct, iCT, ect, lsd, esd,
        psd
    // From a teacher, at states from data.
    case sdei, sdee, facm, ayfEMD, ayfLMD, sCD, sCDVSD, progressive, cd, meanFlowFromTeacher, piFlow
    // From a teacher alone.
    case kd, reflow, dmd, dmd2, vsd, sid, fgm

    /// The parts it is made from.
    public var method: Method {
        switch self {
        case .flowMatching, .shortcut, .imm, .stei, .stee, .meanFlowFromScratch, .decoupledMeanFlow: fromScratch
        case .lsd, .esd, .psd: selfDistilled
        case .sCT, .ct, .iCT, .ect: consistencyTrained
        case .sdei, .sdee, .facm, .ayfEMD, .ayfLMD, .sCD, .sCDVSD, .progressive, .cd, .meanFlowFromTeacher, .piFlow:
            distilled
        case .kd, .reflow, .dmd, .dmd2, .vsd, .sid, .fgm: dataFree
        }
    }
}

/// Parts that several methods take. A law that hardly reaches the ends of time is mixed half with a uniform one: one step asks for
/// t = 1, s = 0, where a small network that never saw it is wrong.
extension MethodName {
    static let uniform = TimeDistribution.uniform(from: 0, to: 1)
    static let data = StateSource.data(augmentation: Augmentation(kinds: [], strength: 0))
    /// The published samples are a million or more; this is for small ones.
    static let teacherPairs = StateSource.teacherSamples(count: 20_000, sampler: .heun(steps: 32), coupling: .paired)
    static let prior = TimePairs.toData(times: .point(at: 1))
    /// Of arXiv 2405.14867, which leaves out 2 % at both ends.
    static let scoreLevels = TimeDistribution.uniform(from: 0.02, to: 0.98)

    static func covered(_ location: Double, _ scale: Double) -> TimeDistribution {
        .mixture(of: [
            .init(weight: 1, law: .logitNormal(location: location, scale: scale)), .init(weight: 1, law: uniform),
        ])
    }

    static func decayed(_ exponent: Double, _ epsilon: Double) -> Weighting {
        Weighting(space: .velocity, residual: .decay(exponent: exponent, epsilon: epsilon), time: .one)
    }

    /// A weight of times that is learned at the student's rate, of slow features: the law of a loss changes slowly over time.
    static func learned(_ form: LearnedWeight.Form, _ residual: Weighting.Law = .plain) -> Weighting {
        Weighting(
            space: .velocity, residual: residual, time: .one,
            learned: LearnedWeight(form: form, times: Frequencies(count: 8, lowest: 0.5, highest: 6), rate: 1))
    }

    /// Flow matching on rows of their own, which a map learned without a teacher needs.
    static func flowMatching(share: Double, _ times: TimeDistribution = uniform) -> Method.Beside {
        Method.Beside(share: share, term: velocity(.diagonal(times: times)))
    }

    static func velocity(_ times: TimePairs, states: StateSource = data) -> Term {
        Term(states: states, times: times, target: .direct(velocity: .conditional), weighting: .plain)
    }
}
