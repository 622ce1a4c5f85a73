import Tensors

/// Flow matching (arXiv 2210.02747, 2209.03003): a velocity is learned by regression on the velocity of straight paths,
/// E ‖u(x_t, t) − (n − x)‖². The best fit is E[n − x | x_t], the teacher's velocity.
public enum FlowMatching {
    /// The mean squared error over a batch and its dimensions, a scalar.
    public static func loss(
        _ velocity: some VelocityField, data: Tensor, noise: Tensor, at t: Tensor, given condition: Condition
    ) -> Tensor {
        square(error(velocity, data: data, noise: noise, at: t, given: condition)).mean()
    }

    /// u(x_t, t) − (n − x), [n, d].
    static func error(
        _ velocity: some VelocityField, data: Tensor, noise: Tensor, at t: Tensor, given condition: Condition
    ) -> Tensor {
        let state = Interpolant.state(data: data, noise: noise, at: t)
        let target = Interpolant.velocity(data: data, noise: noise)
        return velocity(state, at: t, given: condition) - target
    }
}
