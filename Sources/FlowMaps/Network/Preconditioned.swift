import Tensors

/// A network between scales by the noise level, so that it sees and gives numbers of variance 1 at every time
/// (EDM, arXiv 2206.00364, table 1): with S² = t² + q² (1 − t)², q the deviation of the data,
/// u(x, t) = (t − q² (1 − t)) / S² x − q / S N(x / S, t).
///
/// That is D(x; σ) = c_skip x + c_out N(c_in x) at σ = t / (1 − t) with D = x_t − t u; without N it is the velocity of data
/// N(0, q²) exactly. N is told t itself and not ln σ, which is infinite at t = 1, where students live; and whatever else a network
/// is told.
public struct Preconditioned: Sendable {
    /// q, more than 0.
    public let sigmaData: Double
    public var network: Network

    /// x [n, d], time [n, 1] → [n, d].
    public func callAsFunction(
        _ x: Tensor, time t: Tensor, duration delta: Tensor?, _ condition: Condition,
        onHiddenLayer: HiddenVisit = { _, _ in }
    ) -> Tensor {
        let variance = sigmaData * sigmaData
        let spread = square(t) + variance * square(1 - t)
        let scale = reciprocal(sqrt(spread))
        let own = network(x * scale, time: t, duration: delta, condition, onHiddenLayer: onHiddenLayer)
        let skip = (t - variance * (1 - t)) * reciprocal(spread)
        return skip * x - (sigmaData * scale) * own
    }
}
