import Tensors

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
    /// Of its steps, at their t, away from the mean velocity of no class; absent, it is left as it is. Not of a policy.
    public let guidance: Guidance?

    public init(_ network: Network, guidance: Guidance? = nil) { (self.network, self.guidance) = (network, guidance) }

    public func averageVelocity(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> Tensor {
        guard let guidance else { return mean(x, t, s, condition) }
        return GuidedVelocity(Step(map: self, end: s, asked: condition.guidance), guidance)(x, at: t, given: condition)
    }

    private func mean(_ x: Tensor, _ t: Tensor, _ s: Tensor, _ condition: Condition) -> Tensor {
        switch network.head {
        case .velocity: network(x, time: t, duration: t - s, condition)
        case .mixture, .grid: policy(x, from: t, to: s, given: condition).averageVelocity(to: s, substeps: substeps)
        }
    }

    public var substeps: Int { network.head.substeps }

    public func policy(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> any Policy {
        network.policy(x, from: t, to: s, given: condition)
    }

    /// The mean velocity up to one end, as a velocity that is guided as any other.
    private struct Step: GuidableVelocity {
        let map: LearnedFlowMap
        let end: Tensor
        /// The scales that the student is told.
        let asked: Tensor?

        func callAsFunction(_ x: Tensor, at t: Tensor, given condition: Condition) -> Tensor {
            map.mean(x, t, end, condition)
        }

        func unconditional(_ x: Tensor, at t: Tensor) -> Tensor {
            var condition = map.network.withoutClass(count: x.shape[0])
            condition.guidance = asked
            return map.mean(x, t, end, condition)
        }
    }
}

extension Network {
    /// The condition that n samples are of no class.
    func withoutClass(count: Int) -> Condition {
        Condition(labels: classes > 0 ? Tensor(Double(classes)).broadcast(to: [count]) : nil)
    }
}
