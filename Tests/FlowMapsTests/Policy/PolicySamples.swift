import Tensors
import FlowMaps

/// The student whose policy is exact: at a state of a mixture of Gaussians of one deviation, the sample at time 0 is of such a mixture
/// again, with other weights and means and a smaller deviation.
struct ExactPolicyMap: PolicyMap {
    let mixture: GaussianMixture
    var substeps = 64
    /// Told of each evaluation of the network that it stands for.
    var told: (() -> Void)?

    func policy(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> any Policy {
        told?()
        let (rows, dimension) = (x.shape[0], x.shape[1]), q = mixture.deviation
        let variance = square(1 - t) * (q * q) + square(t)
        let parts = zip(mixture.means, mixture.weights).map { mean, weight -> (velocity: Tensor, logit: Tensor) in
            let centre = Tensor.row(mean), away = x - (1 - t) * centre
            let sample = centre + (1 - t) * (q * q) / variance * away
            let logit = log(Tensor(weight)) - square(away).sum([1], keepingAxes: true) / (2 * variance)
            return ((x - sample) / t, logit)
        }
        let count = parts.count
        return MixturePolicy(
            start: x, time: t,
            means: Tensor.concatenate(parts.map(\.velocity), axis: 1).reshaped(to: [rows, count, dimension, 1]),
            logits: Tensor.concatenate(parts.map(\.logit), axis: 1).reshaped(to: [rows, count, 1, 1]),
            // σ τ = q τ / S.
            logDeviation: log(q / sqrt(variance)).reshaped(to: [rows, 1, 1, 1]))
    }

    func averageVelocity(_ x: Tensor, from t: Tensor, to s: Tensor, given condition: Condition) -> Tensor {
        policy(x, from: t, to: s, given: condition).averageVelocity(to: s, substeps: substeps)
    }
}

extension GaussianMixture {
    /// Three modes of the plane with weights of their own.
    static let threeModes = GaussianMixture(
        means: [[1, 0.5], [-1, 0.25], [0, -1.5]], weights: [0.5, 0.2, 0.3], deviation: 0.4)
}
