import Tensors

/// The time r < t whose state a consistency target compares with that at t. With σ = t / (1 − t), the noise level of x_t / (1 − t).
public enum Neighbour: Codable, Hashable, Sendable, Validated {
    /// t is rounded up to a grid of equal intervals, r is the time below.
    case grid(levels: Int)
    /// The same, the grid doubled in stages of equal length over the training (arXiv 2310.14189, where the grid is one in σ).
    case doubling(from: Int, to: Int)
    /// σ_r = σ max(0, 1 − q^{−k} (1 + 8 sigmoid(−σ))) in stage k = 1 … `stages` of the training (arXiv 2406.14548). Where σ_r is 0 the
    /// state compared with is the sample itself.
    case sigmaShare(base: Double, stages: Int)
    /// σ_r = σ − `largest` / 2^`halvings`, not below that of s (arXiv 2503.07565).
    case sigmaStep(largest: Double, halvings: Int)

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable { case grid, doubling, sigmaShare, sigmaStep }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        switch self {
        case .grid(let levels): try require(levels, "grid.levels", atLeast: 1, atMost: Most.places)
        case .doubling(let from, let to):
            try require(from, "doubling.from", atLeast: 1, atMost: Most.places)
            try require(to, "doubling.to", atLeast: from, atMost: Most.places)
        case .sigmaShare(let base, let stages):
            try require(
                base > 1 && base <= Most.factor, "sigmaShare.base", found: base,
                allowed: "more than 1 and at most \(Most.factor)")
            try require(stages, "sigmaShare.stages", atLeast: 1, atMost: Most.unrolled)
        case .sigmaStep(let largest, let halvings):
            try require(halvings, "sigmaStep.halvings", in: 1...52)
            let limit = Double(1 << halvings)
            try require(
                largest > 0 && largest < limit, "sigmaStep.largest", found: largest,
                allowed: "more than 0 and less than 2^\(halvings), so that the step is below 1")
        }
    }

    /// t as it is taken, and r in [s, t]; [n, 1] each.
    /// - Parameter progress: the share of the training that is over, a scalar in [0, 1).
    func times(_ t: Tensor, above s: Tensor, progress: Tensor) -> (t: Tensor, r: Tensor) {
        switch self {
        case .grid(let levels): return onGrid(Tensor(Double(levels)), t, s)
        case .doubling(let from, let to):
            var counts = [from]
            while counts[counts.count - 1] * 2 <= to { counts.append(counts[counts.count - 1] * 2) }
            return onGrid(staged(counts.map(Double.init), progress), t, s)
        case .sigmaShare(let base, let stages):
            var decay = 1.0
            let decays = (0..<stages).map { _ in
                decay /= base
                return decay
            }
            // −σ is far below the sigmoid's reach where 1 − t is nothing; the smallest number keeps it finite.
            let sigma = t / maximum(1 - t, Tensor(1e-6))
            let share = maximum(Tensor(0), 1 - staged(decays, progress) * (1 + 8 * sigmoid(-sigma)))
            // σ_r / (1 + σ_r), without the division by 1 − t.
            return (t, maximum(s, share * t / maximum(1 - t + share * t, Tensor(1e-12))))
        case .sigmaStep(let largest, let halvings):
            let step = largest / Double(1 << halvings)
            return (t, maximum(s, (t - step * (1 - t)) / (1 - step * (1 - t))))
        }
    }

    private func onGrid(_ count: Tensor, _ t: Tensor, _ s: Tensor) -> (t: Tensor, r: Tensor) {
        let index = minimum(floor(t * count), (count - 1).broadcast(to: t.shape))
        return ((index + 1) / count, maximum(s, index / count))
    }
}
