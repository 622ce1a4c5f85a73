/// Sines and cosines of a scalar at fixed frequencies: t ↦ (sin ω₁t, …, sin ω_kt, cos ω₁t, …, cos ω_kt).
///
/// The frequencies are spaced geometrically from `lowest` to `highest`. High ones make the derivative of a flow map by its duration
/// explode: keep `highest` to a few radians a unit of time when a network is trained through that derivative.
public struct TimeFeatures: Sendable {
    /// The angular frequencies ω, in radians per unit of time.
    public let frequencies: [Double]

    /// Creates `count` frequencies from `lowest` to `highest`, in radians per unit of time.
    public init(count: Int, lowest: Double, highest: Double) {
        precondition(count > 0 && lowest > 0 && highest >= lowest, "features need 0 < lowest ≤ highest and a count")
        frequencies = (0..<count).map { index in
            let position = count == 1 ? 1 : Double(index) / Double(count - 1)
            return lowest * power(highest / lowest, position)
        }
    }

    /// The number of features.
    public var width: Int { 2 * frequencies.count }

    /// Times [n, 1] → [n, width].
    public func callAsFunction(_ time: Tensor) -> Tensor {
        let phases = time * Tensor(frequencies.map(Float.init), shape: [1, frequencies.count])
        return .concatenate([sin(phases), cos(phases)], axis: 1)
    }
}
