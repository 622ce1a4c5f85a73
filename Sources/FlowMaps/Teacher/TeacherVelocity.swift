import Tensors

/// The velocity that students are taught: a network's, or the exact one of a known distribution.
public enum TeacherVelocity: GuidableVelocity {
    case learned(LearnedVelocity)
    /// The exact velocity, with the weaker network that guidance may lead away from.
    case exact(GaussianMixture, weak: Network?)

    /// - Parameters:
    ///   - network: known numbers; unused where there is an exact distribution.
    ///   - weak: the weaker teacher that guidance may lead away from.
    public init(_ network: Network, exact distribution: GaussianMixture? = nil, weak: Network? = nil) {
        self = distribution.map { .exact($0, weak: weak) } ?? .learned(LearnedVelocity(network, weak: weak))
    }

    /// x [n, d], t [n, 1] → [n, d].
    public func callAsFunction(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
        switch self {
        case .learned(let velocity): velocity(x, at: t, given: condition)
        case .exact(let distribution, _): distribution(x, at: t, given: condition)
        }
    }

    /// The velocity of all classes together.
    public func unconditional(_ x: Tensor, at t: Tensor) -> Tensor {
        switch self {
        case .learned(let velocity): velocity.unconditional(x, at: t)
        case .exact(let distribution, _): distribution.unconditional(x, at: t)
        }
    }

    /// The velocity of the weaker teacher.
    public func weak(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
        switch self {
        case .learned(let velocity): return velocity.weak(x, at: t, given: condition)
        case .exact(_, let network):
            guard let network else { preconditionFailure("guidance by a weak teacher, and none is there") }
            return LearnedVelocity(network)(x, at: t, given: condition)
        }
    }
}
