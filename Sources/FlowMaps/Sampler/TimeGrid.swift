import Foundation

/// The times of a sampler's steps from t = 1 down to t = 0, where they are not evenly spaced.
public enum TimeGrid: Codable, Hashable, Sendable, Validated {
    /// t′ = a t / (1 + (a − 1) t) of evenly spaced t: a above 1 spends more of the steps near noise (arXiv 2403.03206, Eq. 23).
    case shift(Double)
    /// t = σ / (1 + σ) of the noise levels of EDM (arXiv 2206.00364, Eq. 5), evenly spaced in σ^{1/ρ} from `largest` down to `smallest`,
    /// and 0 after the last. The first is moved to t = 1, where samples begin.
    case karras(smallest: Double, largest: Double, rho: Double)

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable { case shift, karras }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        switch self {
        case .shift(let factor):
            try require(
                factor > 0 && factor <= Most.factor, "grid.shift", found: factor,
                allowed: "more than 0 and at most \(Most.factor); 1 is an even grid")
        case .karras(let smallest, let largest, let rho):
            try positive(smallest, "grid.karras.smallest")
            try require(
                largest > smallest && largest <= Most.factor, "grid.karras.largest", found: largest,
                allowed: "more than smallest, \(smallest), and at most \(Most.factor)")
            try require(rho, "grid.karras.rho", in: 1...100)
        }
    }

    /// The time after a number of steps of so many: 1 after none, 0 after all.
    func time(_ index: Int, of steps: Int) -> Double {
        guard index > 0 else { return 1 }
        guard index < steps else { return 0 }
        switch self {
        case .shift(let factor):
            let t = Double(steps - index) / Double(steps)
            return factor * t / (1 + (factor - 1) * t)
        case .karras(let smallest, let largest, let rho):
            let (low, high) = (pow(smallest, 1 / rho), pow(largest, 1 / rho))
            let sigma = pow(high + Double(index) / Double(steps - 1) * (low - high), rho)
            return sigma / (1 + sigma)
        }
    }
}
