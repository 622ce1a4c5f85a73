import Engine

/// A way to carry noise to data along a velocity, on a uniform grid of steps from t = 1 to t = 0.
public enum Sampler: Codable, Hashable, Sendable, Validated {
    /// x ← x + h u(x, t).
    case euler(steps: Int)
    /// Predictor and corrector (Heun's method); the last step, which ends at t = 0, is a plain one.
    case heun(steps: Int)

    public enum CodingKeys: String, CodingKey, CaseIterable { case euler, heun }

    public func validate() throws(Violation) {
        switch self {
        case .euler(let steps): try require(steps, "euler.steps", in: 1...)
        case .heun(let steps): try require(steps, "heun.steps", in: 1...)
        }
    }

    public var steps: Int {
        switch self {
        case .euler(let steps), .heun(let steps): steps
        }
    }

    /// Network evaluations a sample: a guided evaluation counts two.
    public func evaluations(guidance: Guidance?) -> Int {
        (0..<steps).reduce(0) { count, index in
            let t = time(index), next = time(index + 1)
            let first = guidance?.acts(at: t) == true ? 2 : 1
            guard case .heun = self, index < steps - 1 else { return count + first }
            return count + first + (guidance?.acts(at: next) == true ? 2 : 1)
        }
    }

    /// The time after a number of steps.
    public func time(_ index: Int) -> Double { Double(steps - index) / Double(steps) }

    /// Samples of a velocity from noise.
    /// - Parameters:
    ///   - noise: [n, d], known numbers.
    ///   - condition: labels [n], known numbers.
    ///   - visit: told the state [n · d] after each number of steps, from 1.
    /// - Returns: [n · d] numbers.
    public func callAsFunction(
        _ field: some VelocityField, noise: Tensor, given condition: Condition,
        visit: (_ steps: Int, _ state: [Float]) -> Void = { _, _ in }
    ) -> [Float] {
        let (count, dimension) = (noise.shape[0], noise.shape[1])
        func program(_ body: @escaping (Tensor, Tensor, Tensor) -> Tensor) -> Executable {
            Executable(
                Program(inputs: [[count, dimension], [], []]) { inputs in
                    [body(inputs[0], inputs[1].broadcast(to: [count, 1]), inputs[2].broadcast(to: [count, 1]))]
                })
        }
        func velocity(_ x: Tensor, _ t: Tensor) -> Tensor { field(x, at: t, given: condition) }
        let plain = program { x, t, next in x + (next - t) * velocity(x, t) }
        let corrected: Executable? =
            if case .heun = self {
                program { x, t, next in
                    let first = velocity(x, t)
                    return x + 0.5 * (next - t) * (first + velocity(x + (next - t) * first, next))
                }
            } else {
                nil
            }
        var state = Tensor.computed([noise])[0]
        for index in 0..<steps {
            let step = index < steps - 1 ? corrected ?? plain : plain
            state = step([state, [Float(time(index))], [Float(time(index + 1))]])[0]
            visit(index + 1, state)
        }
        return state
    }
}
