import Tensors

/// The way in which the derivative of a map by the end of its step is computed.
public enum Derivative: Codable, Hashable, Sendable, Validated {
    /// Exactly, by forward mode.
    case jvp
    /// Differences on a grid of `intervals` equal intervals from t down to 0, at least 1; the fixed point of a
    /// Lagrangian target is then Euler's method of as many steps (arXiv 2511.19428).
    case differences(intervals: Int)

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable { case jvp, differences }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        if case .differences(let intervals) = self {
            try require(intervals, "differences.intervals", atLeast: 1, atMost: Most.places)
        }
    }

    /// The end s of a step as it is taken, and the place r ≥ s where the velocity is evaluated; [n, 1] each. By
    /// differences they are the ends of the grid's interval that contains the drawn s, the upper one included; s = 0
    /// lies in the last.
    func times(from t: Tensor, to s: Tensor) -> (s: Tensor, r: Tensor) {
        switch self {
        case .jvp: return (s, s)
        case .differences(let intervals):
            let count = Double(intervals), length = t / count
            // At t = 0 all intervals are one point; the smallest number only keeps 0 / 0 away.
            let passed = floor((t - s) * count / maximum(t, Tensor(1e-30)))
            let index = minimum(passed, Tensor(count - 1))
            return (t - (index * length + length), t - index * length)
        }
    }
}
