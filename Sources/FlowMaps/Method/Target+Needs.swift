/// The inputs that a target needs.
extension Target {
    /// The velocity in the target; nil where there is none.
    var velocity: Velocity? {
        switch self {
        case .direct(let velocity), .eulerian(let velocity, _, _), .lagrangian(let velocity, _),
            .secant(let velocity, _):
            velocity
        case .semigroup, .consistency, .moments, .imitation, .score, .fisher: nil
        }
    }

    var solver: NeighbourSolver? {
        switch self {
        case .consistency(_, let solver, _), .moments(_, let solver, _, _): solver
        case .direct, .eulerian, .lagrangian, .secant, .semigroup, .imitation, .score, .fisher: nil
        }
    }

    var neighbour: Neighbour? {
        switch self {
        case .consistency(let neighbour, _, _), .moments(let neighbour, _, _, _): neighbour
        case .direct, .eulerian, .lagrangian, .secant, .semigroup, .imitation, .score, .fisher: nil
        }
    }

    var network: TargetNetwork {
        switch self {
        case .semigroup(_, let network), .consistency(_, _, let network): network
        case .direct, .eulerian, .lagrangian, .secant, .moments, .imitation, .score, .fisher: .student
        }
    }

    /// The way in which the derivative by the end of a step is computed; nil where the target has no such derivative.
    var derivative: Derivative? {
        switch self {
        case .lagrangian(_, let derivative): derivative
        case .direct, .eulerian, .secant, .semigroup, .consistency, .moments, .imitation, .score, .fisher: nil
        }
    }

    /// The number of rows that share their times and class.
    public var group: Int {
        if case .moments(_, _, let group, _) = self { group } else { 1 }
    }

    /// The sample and the noise of a state must both be known.
    var needsPair: Bool { velocity == .conditional || solver == .conditional }

    /// The distribution of noise levels, of a target that needs an auxiliary network.
    var levels: TimeDistribution? {
        switch self {
        case .score(let levels, _), .fisher(let levels, _, _): levels
        case .direct, .eulerian, .lagrangian, .secant, .semigroup, .consistency, .moments, .imitation: nil
        }
    }

    /// The target is for a network that gives a policy; no other target is.
    var isOfPolicy: Bool { if case .imitation = self { true } else { false } }

    var evaluatesTeacher: Bool {
        velocity == .teacher || solver == .euler || solver == .heun || levels != nil || isOfPolicy
    }

    /// The name of the target in a specification.
    var name: String {
        switch self {
        case .direct: "direct"
        case .eulerian: "eulerian"
        case .lagrangian: "lagrangian"
        case .secant: "secant"
        case .semigroup: "semigroup"
        case .consistency: "consistency"
        case .moments: "moments"
        case .imitation: "imitation"
        case .score: "score"
        case .fisher: "fisher"
        }
    }
}
