import Tensors

/// A network that predicts the noise of a diffusion model (DiT, arXiv 2212.09748), read as a velocity on the straight path.
///
/// A state x_t = (1 − t) x + t n over S = √(t² + (1 − t)²) is the model's own at the step τ(t) where noise over data is the same;
/// between steps τ is linear in t. With ε its prediction there, u(x, t) = (ε − x_t) / (1 − t). The schedule ends at a time T < 1 with
/// ᾱ = α²: from there to 1 the model sees its last step, and the data that it predicts are those of that step,
/// u = (x_t − (x_t / S − √(1 − ᾱ) ε) / α) / t, which is the same at T.
public struct NoisePrediction: Sendable {
    /// The noise levels of the model.
    public let schedule: NoiseSchedule
    /// ε: its time is the step τ, a number from 0 to one less than the steps.
    public var network: Network

    /// A network that predicts noise at the steps of a schedule.
    public init(schedule: NoiseSchedule, network: Network) { (self.schedule, self.network) = (schedule, network) }

    /// x [n, d], time [n, 1] → [n, d].
    public func callAsFunction(
        _ x: Tensor, time t: Tensor, duration delta: Tensor?, _ condition: Condition,
        onHiddenLayer: HiddenVisit = { _, _ in }
    ) -> Tensor {
        let last = schedule.times[schedule.steps - 1], signal = schedule.signals[schedule.steps - 1]
        let scale = reciprocal(sqrt(square(t) + square(1 - t)))
        let noise = network(
            x * scale, time: step(at: t), duration: delta, condition, onHiddenLayer: onHiddenLayer)
        // Each form has a time where it is defined, also where the other is taken.
        let within = reciprocal(1 - minimum(t, Tensor(last)))
        let beyond = reciprocal(maximum(t, Tensor(last)))
        let isBeyond = greater(t, Tensor(last)), root = signal.squareRoot()
        let noiseFactor = select(isBeyond, beyond * ((1 - signal).squareRoot() / root), within)
        let stateFactor = select(isBeyond, beyond * (1 - scale * (1 / root)), -within)
        return noiseFactor * noise + stateFactor * x
    }

    /// τ at t [n, 1]: how many steps lie below, and the share of the way to the next. Each step counts 0, 1 or that share, so that the
    /// sum is exact but for the share; a step's time is subtracted in two parts, as float32 has seven digits and steps may lie 1e-4
    /// apart.
    func step(at t: Tensor) -> Tensor {
        let times = schedule.times, count = times.count - 1
        let high = times.map { Float($0) }
        let low = zip(times, high).map { Float($0 - Double($1)) }
        let slopes = (0..<count).map { Float(1 / (times[$0 + 1] - times[$0])) }
        func row(_ values: some Sequence<Float>) -> Tensor { Tensor(Array(values), shape: [1, count]) }
        let way = ((t - row(high.prefix(count))) - row(low.prefix(count))) * row(slopes)
        return minimum(maximum(way, Tensor(0)), Tensor(1)).sum([1], keepingAxes: true)
    }
}
