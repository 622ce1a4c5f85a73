import Tensors

extension Sampler {
    /// Samples, and what they took.
    public struct Run: Sendable {
        /// [n · d].
        public let values: [Float]
        /// The times at which the velocity was evaluated, the same for all rows.
        let times: [Double]

        /// Network evaluations a sample: a guided one counts two.
        public func evaluations(guidance: Guidance?) -> Int { Guidance.evaluations(at: times, guidance) }
    }

    /// Told the state [n · d] after each number of steps, from 1.
    public typealias Visit = (_ steps: Int, _ state: [Float]) -> Void

    /// Samples of a velocity from noise: [n · d] numbers.
    public func callAsFunction(
        _ field: some VelocityField, noise: Tensor, given condition: Condition, key: RandomKey? = nil,
        on backend: any Backend, visit: Visit = { _, _ in }
    ) throws -> [Float] {
        try run(field, noise: noise, given: condition, key: key, on: backend, visit: visit).values
    }

    /// Samples of a velocity from noise, and what they took.
    /// - Parameters:
    ///   - noise: [n, d], known numbers.
    ///   - condition: labels [n], known numbers.
    ///   - key: of the noise that a stochastic sampler adds on the way, which needs it.
    ///   - backend: what compiles and runs the steps.
    /// - Throws: an error of the backend.
    public func run(
        _ field: some VelocityField, noise: Tensor, given condition: Condition, key: RandomKey? = nil,
        on backend: any Backend, visit: Visit = { _, _ in }
    ) throws -> Run {
        switch self {
        case .euler, .heun: return try onGrid(field, noise, condition, backend, visit)
        case .adaptive(let relative, let absolute):
            let method = DormandPrince(relative: relative, absolute: absolute)
            return try method.run(
                field, noise: noise, given: condition, at: (1...steps).map(time), on: backend, visit: visit)
        case .sde(_, _, let diffusion, let scale):
            guard let key else { preconditionFailure("a stochastic sampler needs a key for its noise") }
            let process = ReverseDiffusion(diffusion: diffusion, scale: scale, times: (0...steps).map(time))
            return try process.run(field, noise: noise, given: condition, key: key, on: backend, visit: visit)
        }
    }

    private func onGrid(
        _ field: some VelocityField, _ noise: Tensor, _ condition: Condition, _ backend: any Backend, _ visit: Visit
    ) throws -> Run {
        let (count, dimension) = (noise.shape[0], noise.shape[1])
        func program(_ body: @escaping (Tensor, Tensor, Tensor) -> Tensor) throws -> any CompiledProgram {
            try backend.compile(
                Program(inputs: [[count, dimension], [], []]) { inputs in
                    [body(inputs[0], inputs[1].broadcast(to: [count, 1]), inputs[2].broadcast(to: [count, 1]))]
                })
        }
        func velocity(_ x: Tensor, _ t: Tensor) -> Tensor { field(x, at: t, given: condition) }
        let plain = try program { x, t, next in x + (next - t) * velocity(x, t) }
        let corrected: (any CompiledProgram)? =
            if case .heun = self {
                try program { x, t, next in
                    let first = velocity(x, t)
                    return x + 0.5 * (next - t) * (first + velocity(x + (next - t) * first, next))
                }
            } else {
                nil
            }
        var state = try Tensor.materialized([noise], on: backend)[0]
        for index in 0..<steps {
            let step = index < steps - 1 ? corrected ?? plain : plain
            state = try step([state, [Float(time(index))], [Float(time(index + 1))]])[0]
            visit(index + 1, state)
        }
        return Run(values: state, times: plannedTimes ?? [])
    }
}
