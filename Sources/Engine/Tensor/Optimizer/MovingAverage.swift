/// An exponential moving average of a model's parameters: θ̄ ← β θ̄ + (1 − β) θ.
public struct MovingAverage: Hashable, Sendable {
    /// The share of the old average that is kept at each step, in [0, 1).
    public let decay: Double

    /// Creates an average that keeps the share `decay` of its old value at each step, in [0, 1).
    public init(decay: Double) {
        precondition((0..<1).contains(decay), "an average keeps a share in [0, 1), not \(decay)")
        self.decay = decay
    }

    /// The average after which `halfLife` steps have half of the weight.
    public init(halfLife: Double) { self.init(decay: halfLife > 0 ? power(0.5, 1 / halfLife) : 0) }

    /// Replaces the average by its value after one step.
    public func update<M: Module>(_ average: inout M, towards model: M) {
        average = average.zipParameters(model) { decay * $0 + (1 - decay) * $1 }
    }
}
