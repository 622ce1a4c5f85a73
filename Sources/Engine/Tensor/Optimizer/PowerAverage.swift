/// A moving average whose memory grows with the training: at step t the parameters of step s weigh as s^γ
/// (Karras et al., arXiv 2312.02696, Eq. 4 and 127): θ̄_t = β_t θ̄_{t−1} + (1 − β_t) θ_t, β_t = (1 − 1/t)^{γ+1}.
///
/// The standard deviation of the weights over s, as a share of t, does not change during training and names the average.
public struct PowerAverage: Hashable, Sendable {
    /// γ.
    public let exponent: Double

    /// The longest is that of all steps alike, γ = 0.
    public static let longest = 1 / 12.0.squareRoot()

    /// - Parameter deviation: the standard deviation of the weights as a share of the steps so far, in (0, `longest`].
    public init(deviation: Double) {
        precondition(
            deviation > 0 && deviation <= Self.longest, "an average of a deviation in (0, 0.288…], not \(deviation)")
        // σ² = (γ + 1) / ((γ + 2)² (γ + 3)) falls along γ, so halving finds it.
        var (low, high) = (0.0, 1 / deviation)
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if Self.deviation(ofExponent: middle) > deviation { low = middle } else { high = middle }
        }
        exponent = (low + high) / 2
    }

    static func deviation(ofExponent exponent: Double) -> Double {
        let (first, second, third) = (exponent + 1, exponent + 2, exponent + 3)
        return (first / (second * second * third)).squareRoot()
    }

    /// Moves the average after the model.
    /// - Parameter step: the number of this update, from 1, a scalar; the first makes the average the model.
    public func update<M: Module>(_ average: inout M, towards model: M, step: Tensor) {
        // At the first step the logarithm's argument is held off 0, and e to its (γ + 1)-fold is far below float32's rounding.
        let decay = exp((exponent + 1) * log(maximum(1 - 1 / step, Tensor(1e-12))))
        average = average.zipParameters(model) { decay * $0 + (1 - decay) * $1 }
    }
}
