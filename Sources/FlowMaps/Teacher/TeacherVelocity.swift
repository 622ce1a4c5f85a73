import Tensors

/// The velocity that students are taught: what a network has learned, or the exact one of a distribution that is known.
public enum TeacherVelocity: GuidableVelocity {
    case learned(LearnedVelocity)
    /// Beside it the weaker network that guidance may lead away from.
    case exact(GaussianMixture, weak: Network?)

    /// - Parameters:
    ///   - network: known numbers; asked where there is no exact distribution.
    ///   - weak: the weaker teacher that it may be guided by.
    public init(_ network: Network, exact distribution: GaussianMixture? = nil, weak: Network? = nil) {
        self = distribution.map { .exact($0, weak: weak) } ?? .learned(LearnedVelocity(network, weak: weak))
    }

    public func callAsFunction(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
        switch self {
        case .learned(let velocity): velocity(x, at: t, given: condition)
        case .exact(let distribution, _): distribution(x, at: t, given: condition)
        }
    }

    public func unconditional(_ x: Tensor, at t: Tensor) -> Tensor {
        switch self {
        case .learned(let velocity): velocity.unconditional(x, at: t)
        case .exact(let distribution, _): distribution.unconditional(x, at: t)
        }
    }

    public func weak(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
        switch self {
        case .learned(let velocity): return velocity.weak(x, at: t, given: condition)
        case .exact(_, let network):
            guard let network else { preconditionFailure("guidance by a weak teacher, and none is there") }
            return LearnedVelocity(network)(x, at: t, given: condition)
        }
    }
}

extension DatasetSource {
    /// The distribution that the samples are drawn from, where it is a mixture of Gaussians: its velocity is known exactly.
    public var distribution: GaussianMixture? {
        guard case .planar(.eightGaussians, _) = self else { return nil }
        let (means, deviation) = PlanarSet.eightGaussiansModes
        return GaussianMixture(
            means: stride(from: 0, to: means.count, by: 2).map { [means[$0], means[$0 + 1]] }, deviation: deviation)
    }
}
