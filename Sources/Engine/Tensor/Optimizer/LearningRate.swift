/// A learning rate over training: rises linearly from 0, holds, and falls along a half cosine.
public struct LearningRate: Hashable, Sendable {
    /// The rate while it holds.
    public let peak: Double
    /// Steps of the linear rise; 0 begins at the peak.
    public let warmUp: Int
    /// Steps over which the rate falls to 0, at the end of training; 0 holds it to the end.
    public let decay: Int
    /// Steps of the whole training.
    public let steps: Int

    /// Creates a schedule over `steps` steps; rise and fall together are at most as long.
    public init(peak: Double, warmUp: Int, decay: Int, steps: Int) {
        precondition(
            peak >= 0 && warmUp >= 0 && decay >= 0 && warmUp + decay <= steps,
            "a rate rises and falls within \(steps) steps")
        (self.peak, self.warmUp, self.decay, self.steps) = (peak, warmUp, decay, steps)
    }

    /// The rate at a step, a scalar counting from 1.
    public func callAsFunction(_ step: Tensor) -> Tensor {
        let rise = warmUp == 0 ? Tensor(1) : minimum(Tensor(1), step / Double(warmUp))
        guard decay > 0 else { return peak * rise }
        let past = minimum(Tensor(1), maximum(Tensor(0), (step - Double(steps - decay)) / Double(decay)))
        return peak * rise * (0.5 + 0.5 * cos(Double.pi * past))
    }
}
