import Tensors
import Foundation

/// The stochastic equation that has the marginals of dx/dt = u, run from noise to data:
/// dx = (u − ½ w s) dt + √w dW, with the score s = −(x + (1 − t) u) / t and any w(t) ≥ 0 (SiT, arXiv 2401.08740, section 2.4).
///
/// Steps are Euler and Maruyama's, x ← x + h (u − ½ w s) + √(w |h|) n with h < 0, but for the last one, which leaves out the noise:
/// the score is singular at t = 0, where the grid's last interval ends.
struct ReverseDiffusion {
    let diffusion: Diffusion
    /// A factor of w, at least 0.
    let scale: Double
    /// From 1 down to 0.
    let times: [Double]

    /// Samples from noise [n, d]; the noise on the way is drawn by the key, a step each.
    func run(
        _ field: some VelocityField, noise: Tensor, given condition: Condition, key: RandomKey,
        on backend: any Backend, visit: Sampler.Visit
    ) throws -> Sampler.Run {
        let shape = noise.shape
        let program = Program(inputs: [shape, [], [], [], [], []]) { inputs in
            let x = inputs[0], t = inputs[1].broadcast(to: [shape[0], 1])
            let velocity = field(x, at: t, given: condition)
            // −½ w s = pull · (x + (1 − t) u).
            let drift = velocity + inputs[3] * (x + (1 - t) * velocity)
            return [x + inputs[2] * drift + inputs[4] * .normal(shape, key: key, step: inputs[5])]
        }
        let step = try backend.compile(program)
        var state = try Tensor.materialized([noise], on: backend)[0]
        for index in 0..<(times.count - 1) {
            let t = times[index], length = times[index + 1] - t
            let weight = scale * diffusion(at: t)
            let spread = index < times.count - 2 ? (weight * -length).squareRoot() : 0
            let scalars = [t, length, weight / (2 * t), spread, Double(index)].map { [Float($0)] }
            state = try step([state] + scalars)[0]
            visit(index + 1, state)
        }
        return Sampler.Run(values: state, times: times.dropLast())
    }
}

/// How much noise a stochastic sampler adds, w(t): the distributions of the released SiT code, whose marginals are all the same.
public enum Diffusion: String, Codable, Hashable, Sendable, CaseIterable {
    /// w = 2 t.
    case sigma
    /// w = 2.
    case constant
    /// w = ½ (1 − cos πt)²: none at the data.
    case decreasing
    /// w = 2 sin² πt: none at either end.
    case increasingDecreasing

    /// w at a time in [0, 1].
    public func callAsFunction(at t: Double) -> Double {
        switch self {
        case .sigma: return 2 * t
        case .constant: return 2
        case .decreasing:
            let fall = 1 - cos(.pi * t)
            return fall * fall / 2
        case .increasingDecreasing:
            let wave = sin(.pi * t)
            return 2 * wave * wave
        }
    }
}
