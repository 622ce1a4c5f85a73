import Tensors

/// The identity that a method enforces: the value that F(x_t, t, s) is moved towards. All parts of a target are
/// constant to the gradient.
///
/// Each identity holds exactly when F is the mean velocity of the path from t to s, or of its discretised form, or
/// when the student's distribution is the teacher's. Methods of the literature differ in which they take, and where.
public enum Target: Codable, Hashable, Sendable, Validated {
    /// F = v: flow matching where s = t, regression on pairs of noise and end point where t = 1, s = 0.
    case direct(velocity: Velocity)
    /// F = v − ramp (t − s) dF/dt, the derivative along v with s fixed (arXiv 2505.13447, 2410.11081, 2506.14603). `warmUp` is the
    /// share of the training in which the ramp rises from 0 towards 1; 0 is none. It ends at `highest`, 1 where that is nil.
    case eulerian(velocity: Velocity, warmUp: Double, highest: Double? = nil)
    /// v_G = F − (t − s) ∂F/∂s = v(f(x_t, t, s), s): the student's own path moves as the velocity at the place where the student is
    /// (arXiv 2505.18825, 2506.14603; from the prior, t = 1, it is the prediction of arXiv 2511.19428, Eq. 7).
    case lagrangian(velocity: Velocity, derivative: Derivative)
    /// F = E v(x_r, r) over r uniform between s and t (arXiv 2505.14502).
    case secant(velocity: Velocity, estimate: SecantEstimate)
    /// F(t, s) = (1 − ρ) F(t, m) + ρ F(x_m, m, s), m = s + ρ (t − s) (arXiv 2410.12557, 2202.00512, 2505.18825).
    case semigroup(middle: Middle, network: TargetNetwork)
    /// f(x_t, t, s) = f(x_r, r, s) at a neighbour r < t on the same path (arXiv 2303.01469, 2310.14189, 2406.14548).
    case consistency(neighbour: Neighbour, solver: NeighbourSolver, network: TargetNetwork)
    /// The distributions of f(x_t, t, s) and f(x_r, r, s) agree by their mean discrepancy over groups of rows (arXiv 2503.07565).
    case moments(neighbour: Neighbour, solver: NeighbourSolver, group: Int, weight: MomentWeight)
    /// π(x_a, a) = u(x_a, a), π the policy that the network gives for the step from t to s and x_a the state that it leads to at times a
    /// between, so many of them; the path is followed in `substeps` steps of Euler's method (arXiv 2510.14974).
    case imitation(places: Int, substeps: Int)
    /// The velocity of the student's noised samples is the teacher's: the divergence of the two distributions over noise levels r falls
    /// (arXiv 2305.18455, 2311.18828; by velocities as they are it is the correction of arXiv 2511.19428, Eq. 11).
    case score(levels: TimeDistribution, weight: ScoreWeight)
    /// The same by the Fisher divergence, through the inputs of both networks (arXiv 2404.04057, 2410.19310).
    case fisher(levels: TimeDistribution, weight: ScoreWeight, alpha: Double)

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case direct, eulerian, lagrangian, secant, semigroup, consistency, moments, imitation, score, fisher
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        switch self {
        case .direct(let velocity):
            try require(
                velocity != .student, "direct.velocity", found: "student",
                allowed: "conditional or teacher: the student is its own velocity already")
        case .eulerian(_, let warmUp, let highest):
            try probability(warmUp, "eulerian.warmUp")
            if let highest { try probability(highest, "eulerian.highest") }
        case .lagrangian(let velocity, _): try movable(velocity, "lagrangian.velocity")
        case .secant(let velocity, .interior): try movable(velocity, "secant.velocity")
        case .moments(_, _, let group, _): try require(group, "moments.group", atLeast: 2, atMost: Most.width)
        case .fisher(_, _, let alpha): try require(alpha, "fisher.alpha", atLeast: 0, atMost: Most.factor)
        case .imitation(let places, let substeps):
            try require(places, "imitation.places", atLeast: 1, atMost: Most.unrolled)
            try require(substeps, "imitation.substeps", atLeast: 1, atMost: Most.unrolled)
        case .secant, .semigroup, .consistency, .score: break
        }
    }

    /// Refuses the velocity of a drawn pair where it would be evaluated at another place than the pair's own.
    private func movable(_ velocity: Velocity, _ key: String) throws(Violation) {
        try require(
            velocity != .conditional, key, found: "conditional",
            allowed: "teacher or student: it is asked at a state that the student made, which belongs to no pair")
    }
}

/// The velocity in a target.
public enum Velocity: String, Codable, Hashable, Sendable, CaseIterable {
    /// n − x of the pair that the state was made from: right on average. No teacher is evaluated.
    case conditional
    /// The teacher's velocity at the state.
    case teacher
    /// The student's own on the diagonal, F(x, t, t).
    case student
}

/// The origin of a secant's inner point.
public enum SecantEstimate: String, Codable, Hashable, Sendable, CaseIterable {
    /// The state is x_t; the student goes to x_r.
    case interior
    /// The state is x_r; the student goes up to x_t.
    case end
}

/// ρ: where a semigroup's middle lies.
public enum Middle: String, Codable, Hashable, Sendable, CaseIterable {
    case half
    case uniform
}

/// The network that a target is computed with.
public enum TargetNetwork: Codable, Hashable, Sendable, Validated {
    /// The student as it is.
    case student
    /// A moving average of it; its half-life as a share of the steps.
    case average(halfLife: Double)
    /// The student as it was when a stage began, of `stages` of equal length.
    case predecessor(stages: Int)

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable { case student, average, predecessor }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        switch self {
        case .student: break
        case .average(let halfLife): try probability(halfLife, "average.halfLife")
        case .predecessor(let stages): try require(stages, "predecessor.stages", atLeast: 1, atMost: Most.places)
        }
    }
}

/// The way from x_t to the neighbour x_r.
public enum NeighbourSolver: String, Codable, Hashable, Sendable, CaseIterable {
    /// The straight path of the same pair of sample and noise.
    case conditional
    /// One step of the teacher.
    case euler
    /// One step of the teacher by Heun's method.
    case heun
}

/// The weight of a row in a distribution-matching target, at noise level r.
public enum ScoreWeight: String, Codable, Hashable, Sendable, CaseIterable {
    /// The factor 1, for velocities.
    case velocity
    /// The factor for denoisers: r for each of the two.
    case denoiser
    /// The factor √((1 − r)² + r²), for velocities of TrigFlow, (D_ψ − D) / sin τ (arXiv 2410.11081, App. C).
    case trigFlow
    /// The factor for denoisers, divided by the mean distance of a sample from the teacher's denoised one (arXiv
    /// 2405.14867).
    case normalised

    /// The factor has r for each denoiser.
    var isOfDenoisers: Bool {
        switch self {
        case .denoiser, .normalised: true
        case .velocity, .trigFlow: false
        }
    }
}
