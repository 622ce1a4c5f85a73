import Tensors

/// How a student is sampled in one or several steps, on a uniform grid from t = 1 to t = 0.
public enum MapSampling: Codable, Hashable, Sendable, Validated {
    /// x ← f(x, t, t′).
    case map
    /// x ← (1 − t′) f(x, t, 0) + t′ n with fresh noise: what a map to s = 0 alone can do (arXiv 2303.01469).
    case restart
    /// To t̃ = √(1 − γ²) t′ by the map, then noised up to t′ (arXiv 2310.02279, 2506.14603): γ = 0 is `map`, 1 is `restart`.
    case gamma(value: Double)
    /// Euler's method along F(x, t, t): what a student that learned velocities alone can do.
    case velocity

    public enum CodingKeys: String, CodingKey, CaseIterable { case map, restart, gamma, velocity }

    public func validate() throws(Violation) {
        if case .gamma(let value) = self { try probability(value, "gamma.value") }
    }

    /// Samples [n, d] of a student from noise [n, d].
    /// - Parameters:
    ///   - steps: at least 1, each an evaluation of the map.
    ///   - key: of fresh noise.
    public func callAsFunction(
        _ map: some FlowMap, noise: Tensor, given condition: Condition, steps: Int, key: RandomKey
    ) -> Tensor {
        precondition(steps >= 1, "a sample takes a step at least, not \(steps)")
        let column: Shape = [noise.shape[0], 1]
        return (0..<steps).reduce(noise) { x, index in
            let from = 1 - Double(index) / Double(steps), to = 1 - Double(index + 1) / Double(steps)
            let t = Tensor(from).broadcast(to: column)
            func moved(to s: Double) -> Tensor {
                map(x, from: t, to: Tensor(s).broadcast(to: column), given: condition)
            }
            let fresh = Tensor.normal(noise.shape, key: key.folding(index))
            switch self {
            case .map: return moved(to: to)
            case .restart: return to == 0 ? moved(to: 0) : (1 - to) * moved(to: 0) + to * fresh
            case .gamma(let gamma):
                let target = (1 - gamma * gamma).squareRoot() * to
                return to == 0 || gamma == 0 ? moved(to: to) : Self.noised(moved(to: target), target, to, fresh)
            case .velocity: return x + (to - from) * map.averageVelocity(x, from: t, to: t, given: condition)
            }
        }
    }

    /// x_{t′} = a x_t + b n with a = (1 − t′) / (1 − t), b² = t′² − a² t²: the distribution of x_t noised to that of x_{t′}, t ≤ t′ < 1.
    private static func noised(_ x: Tensor, _ t: Double, _ to: Double, _ noise: Tensor) -> Tensor {
        let keep = (1 - to) / (1 - t)
        return keep * x + (to * to - keep * keep * t * t).squareRoot() * noise
    }
}

extension Distillation {
    /// How its student is sampled.
    public var sampling: MapSampling { method.sampling }

    /// A network of its student as it is sampled: guided by itself where the method says so.
    public func map(_ network: Network) -> LearnedFlowMap { LearnedFlowMap(network, guidance: method.samplingGuidance) }

    /// Evaluations of its student that a sample in so many steps takes: a guided step is two.
    public func evaluations(steps: Int) -> Int {
        Guidance.evaluations(at: (0..<steps).map { 1 - Double($0) / Double(steps) }, method.samplingGuidance)
    }
}
