import Foundation

/// The noise levels of a diffusion model: at its step k, from 0, a state is √ᾱ_k x + √(1 − ᾱ_k) n with ᾱ_k = Π_{i ≤ k} (1 − β_i)
/// (DDPM, arXiv 2006.11239).
public enum NoiseSchedule: Codable, Hashable, Sendable, Validated {
    /// β evenly spaced from the first to the last.
    case linear(steps: Int, first: Double, last: Double)
    /// √β evenly spaced, as latent diffusion has it (arXiv 2112.10752).
    case scaledLinear(steps: Int, first: Double, last: Double)

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable { case linear, scaledLinear }

    /// The schedule of the released DiT models (arXiv 2212.09748): β from 0.0001 to 0.02 in 1,000 steps.
    public static let published = linear(steps: 1000, first: 1e-4, last: 0.02)

    private var parts: (steps: Int, first: Double, last: Double) {
        switch self {
        case .linear(let steps, let first, let last), .scaledLinear(let steps, let first, let last):
            (steps, first, last)
        }
    }

    /// The number of steps.
    public var steps: Int { parts.steps }

    /// ᾱ of each step, descending.
    public var signals: [Double] {
        let (steps, first, last) = parts
        var product = 1.0
        return (0..<steps).map { step in
            let share = Double(step) / Double(max(1, steps - 1))
            let beta =
                switch self {
                case .linear: first + share * (last - first)
                case .scaledLinear: pow(first.squareRoot() + share * (last.squareRoot() - first.squareRoot()), 2)
                }
            product *= 1 - beta
            return product
        }
    }

    /// The time of each step on the straight path, ascending in (0, 1): there noise over data is the same, t / (1 − t) =
    /// √(1 − ᾱ) / √ᾱ.
    public var times: [Double] {
        signals.map { (1 - $0).squareRoot() / ((1 - $0).squareRoot() + $0.squareRoot()) }
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        let (steps, first, last) = parts
        try require(steps, "steps", in: 2...10_000)
        try require(first > 0 && first < 0.5, "first", found: first, allowed: "more than 0 and less than 0.5")
        try require(last > first && last < 1, "last", found: last, allowed: "more than first and less than 1")
        // All signal gone, numbers of float32 would not tell the steps apart.
        try require(
            signals[steps - 1] > 1e-12, found: "a signal of \(signals[steps - 1]) at the last step",
            allowed: "more than 1e-12")
    }
}
