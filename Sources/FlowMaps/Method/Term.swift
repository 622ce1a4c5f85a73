import Tensors

/// One term of a method's loss: states × times × target × weighting.
public struct Term: Hashable, Sendable, Validated {
    /// The source of the states.
    public var states: StateSource
    /// The distribution of the times; states from the prior have t = 1 whatever it is.
    public var times: TimePairs
    /// The identity that F is moved towards.
    public var target: Target
    /// The shape and the weight of the residual.
    public var weighting: Weighting
    /// Guidance of the velocity in the target; nil is none. The teacher's velocity is guided as usual; a conditional
    /// one and the student's own by the student itself without a class, v_γ = γ v + (1 − γ) F(x, t, t | no class).
    /// Samples of the teacher are made with it, and their velocity is then not guided again.
    public var guidance: Guidance?

    /// A term from its parts.
    public init(
        states: StateSource, times: TimePairs, target: Target, weighting: Weighting, guidance: Guidance? = nil
    ) {
        (self.states, self.times, self.target) = (states, times, target)
        (self.weighting, self.guidance) = (weighting, guidance)
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        try require(
            !target.needsPair || states.hasPairs, "states", found: states.name,
            allowed:
                "data, teacherSamples or studentSamples, as the target is of the pair of sample and noise that a state is made from"
        )
        if case .teacherSamples = states {
            try require(
                guidance?.scale != .drawn, "guidance.scale", found: "drawn",
                allowed: "a number, as the teacher's samples are drawn once, at one scale")
        }
        if target.levels != nil {
            guard case .toData = times else {
                throw Violation(
                    key: "times", found: times.name,
                    allowed: "toData, as distributions are compared of samples, which are at s = 0")
            }
        }
        let needsIntervals =
            switch target {
            case .semigroup, .consistency, .moments, .secant, .imitation: true
            case .direct, .eulerian, .lagrangian, .score, .fisher: false
            }
        try require(
            !needsIntervals || times.hasIntervals, "times", found: times.name,
            allowed: "pairs with t above s, as the target lies between the two")
        if case .secant(_, .end) = target {
            try require(
                states != .prior, "states", found: "prior",
                allowed: "any other, as the state is at a time between t and s")
        }
        try require(
            weighting.time != .sigmaGap || target.neighbour != nil, "weighting.time", found: "sigmaGap",
            allowed: "one, sine or anchored, as only consistency and moments have a neighbour")
    }
}

extension StateSource {
    /// The name of the source in a specification.
    var name: String {
        switch self {
        case .prior: "prior"
        case .data: "data"
        case .teacherSamples: "teacherSamples"
        case .teacherPath: "teacherPath"
        case .studentPath: "studentPath"
        case .studentSamples: "studentSamples"
        }
    }
}

extension TimePairs {
    /// The name of the distribution in a specification.
    var name: String {
        switch self {
        case .pair: "pair"
        case .gap: "gap"
        case .grid: "grid"
        case .halving: "halving"
        case .dyadic: "dyadic"
        case .below: "below"
        case .diagonal: "diagonal"
        case .toData: "toData"
        case .fromNoise: "fromNoise"
        }
    }
}
