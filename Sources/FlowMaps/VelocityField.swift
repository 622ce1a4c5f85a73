import Tensors

/// What samples are conditioned on.
public struct Condition: Sendable {
    /// Whole numbers [n]; nil without classes.
    public var labels: Tensor?
    /// Scales γ [n, 1] of the guidance that a student is asked for; nil where it embeds none.
    public var guidance: Tensor?

    public init(labels: Tensor? = nil, guidance: Tensor? = nil) { (self.labels, self.guidance) = (labels, guidance) }

    public static let none = Condition()
}

/// A velocity u(x, t) = E[n − x | x_t = x], so that dx/dt = u carries noise at t = 1 to data at t = 0.
public protocol VelocityField {
    /// x [n, d], t [n, 1] in [0, 1] → [n, d].
    func callAsFunction(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor
}

/// A velocity that also answers for "no class", so that it can be guided.
public protocol GuidableVelocity: VelocityField {
    /// The velocity of all classes together.
    func unconditional(_ x: Tensor, at t: Tensor) -> Tensor
    /// The velocity of a weaker teacher under the same condition; only where there is one.
    func weak(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor
}

extension GuidableVelocity {
    public func weak(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
        preconditionFailure("\(Self.self) has no weaker teacher to be guided by")
    }
}

/// The velocity that a network computes.
public struct LearnedVelocity: GuidableVelocity {
    public let network: Network
    /// The weaker teacher that it may be guided by.
    public let weakNetwork: Network?

    public init(_ network: Network, weak weakNetwork: Network? = nil) {
        (self.network, self.weakNetwork) = (network, weakNetwork)
    }

    public func callAsFunction(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
        network(x, time: t, duration: nil, condition)
    }

    public func unconditional(_ x: Tensor, at t: Tensor) -> Tensor {
        network(x, time: t, duration: nil, network.withoutClass(count: x.shape[0]))
    }

    public func weak(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
        guard let weakNetwork else { preconditionFailure("guidance by a weak teacher, and none is there") }
        return weakNetwork(x, time: t, duration: nil, condition)
    }
}
