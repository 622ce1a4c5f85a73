import Tensors

/// The straight path between data and noise: x_t = (1 − t) x + t n. The only place that knows which end is noise.
public enum Interpolant {
    /// Where the prior is.
    public static let noiseTime = 1.0
    /// Where the data are.
    public static let dataTime = 0.0

    /// The state at a time: data [n, d], noise [n, d], t [n, 1] in [0, 1] → [n, d].
    public static func state(data: Tensor, noise: Tensor, at t: Tensor) -> Tensor { (1 - t) * data + t * noise }

    /// The velocity of that path, d x_t / dt = n − x: [n, d].
    public static func velocity(data: Tensor, noise: Tensor) -> Tensor { noise - data }

    /// The data at the end of a straight path through x at t with velocity u: x − t u, the posterior mean where u is the marginal
    /// velocity.
    public static func data(from x: Tensor, velocity u: Tensor, at t: Tensor) -> Tensor { x - t * u }
}
