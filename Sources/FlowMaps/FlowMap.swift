import Engine

/// A map along the teacher's paths, f(x, t, s) = x + (s − t) F(x, t, s); f(x, t, t) = x whatever F is.
public protocol FlowMap {
    /// F: the mean velocity on the way from t to s. x [n, d], t and s [n, 1] in [0, 1] → [n, d].
    func averageVelocity(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> Tensor
}

extension FlowMap {
    /// The state at s of the path that is at x at t.
    public func callAsFunction(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> Tensor {
        x + (s - t) * averageVelocity(x, from: t, to: s, given: condition)
    }

    /// One step from the prior to data: [n, d] → [n, d], one evaluation.
    public func sample(_ noise: Tensor, given condition: Condition) -> Tensor {
        let count = noise.shape[0]
        let start = Tensor(Interpolant.noiseTime).broadcast(to: [count, 1])
        let end = Tensor(Interpolant.dataTime).broadcast(to: [count, 1])
        return self(noise, from: start, to: end, given: condition)
    }
}

/// The map that a student's network computes: its mean velocity, or that of the path of the policy that it gives.
public struct LearnedFlowMap: PolicyMap {
    public let network: Network

    public init(_ network: Network) { self.network = network }

    public func averageVelocity(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> Tensor {
        switch network.head {
        case .velocity: network(x, time: t, duration: t - s, condition)
        case .mixture, .grid: policy(x, from: t, to: s, given: condition).averageVelocity(to: s, substeps: substeps)
        }
    }

    public var substeps: Int { network.head.substeps }

    public func policy(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> any Policy {
        network.policy(x, from: t, to: s, given: condition)
    }
}
