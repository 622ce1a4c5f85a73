import Tensors

/// A distribution of the times (t, s) that a method trains at, 0 ≤ s ≤ t ≤ 1.
public enum TimePairs: Codable, Hashable, Sendable, Validated {
    /// Two draws in order, and a share of the rows with s = t, which are the first of a batch.
    case pair(first: TimeDistribution, second: TimeDistribution, equal: Double)
    /// A length δ first, then s uniform on [0, 1 − δ], t = s + δ.
    case gap(length: TimeDistribution)
    /// t = i / N, s = (i − 1) / N: the steps of a sampler of N.
    case grid(steps: Int)
    /// The same, N halved at the beginning of each stage of the training but the first.
    case halving(steps: Int, stages: Int)
    /// δ = 2⁻ᵏ for k below `levels`, t on its multiples, s = t − δ.
    case dyadic(levels: Int)
    /// t drawn, then s uniform on [0, t].
    case below(times: TimeDistribution)
    /// s = t.
    case diagonal(times: TimeDistribution)
    /// s = 0.
    case toData(times: TimeDistribution)
    /// t = 1, s = 1 − δ.
    case fromNoise(durations: TimeDistribution)

    /// The keys in a specification.
    public enum CodingKeys: String, CodingKey, CaseIterable {
        case pair, gap, grid, halving, dyadic, below, diagonal, toData, fromNoise
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        switch self {
        case .pair(_, _, let equal): try probability(equal, "pair.equal")
        case .grid(let steps): try require(steps, "grid.steps", atLeast: 1, atMost: Most.places)
        case .halving(let steps, let stages):
            try require(stages, "halving.stages", in: 1...16)
            let multiple = 1 << (stages - 1)
            try require(
                steps > 0 && steps.isMultiple(of: multiple), "halving.steps", found: steps,
                allowed: "a multiple of \(multiple), which \(stages) stages halve to a whole number")
            try require(steps, "halving.steps", atLeast: 1, atMost: Most.places)
        case .dyadic(let levels): try require(levels, "dyadic.levels", in: 1...16)
        case .gap, .below, .diagonal, .toData, .fromNoise: break
        }
    }

    /// t and s, [count, 1] each.
    /// - Parameter progress: the share of the training that is over, a scalar in [0, 1).
    public func draw(_ count: Int, key: RandomKey, step: Tensor, progress: Tensor) -> (t: Tensor, s: Tensor) {
        let shape: Shape = [count, 1]
        func uniform(_ name: String) -> Tensor { .uniform(shape, key: key.folding(name), step: step) }
        switch self {
        case .pair(let first, let second, let equal):
            let a = first.draw(count, key: key.folding("first"), step: step)
            let b = second.draw(count, key: key.folding("second"), step: step)
            let (t, s) = (maximum(a, b), minimum(a, b)), equals = Int((equal * Double(count)).rounded())
            return (t, .concatenate([t.slice(0..<equals), s.slice(equals..<count)]))
        case .gap(let length):
            let length = length.draw(count, key: key.folding("length"), step: step)
            let s = (1 - length) * uniform("place")
            return (s + length, s)
        case .grid(let steps): return onGrid(Tensor(Double(steps)), uniform("place"))
        case .halving(let steps, let stages):
            let counts = (0..<stages).map { Double(steps >> $0) }
            return onGrid(staged(counts, progress).broadcast(to: shape), uniform("place"))
        case .dyadic(let levels):
            let counts = Tensor((0..<levels).map { Float(1 << $0) }, shape: [levels, 1])
            let drawn = Tensor.integers(below: levels, [count], key: key.folding("level"), step: step)
            return onGrid(counts.gather(drawn), uniform("place"))
        case .below(let times):
            let t = times.draw(count, key: key.folding("first"), step: step)
            return (t, t * uniform("place"))
        case .diagonal(let times):
            let t = times.draw(count, key: key, step: step)
            return (t, t)
        case .toData(let times):
            let t = times.draw(count, key: key, step: step)
            return (t, .zeros(t.shape))
        case .fromNoise(let durations):
            let t = Tensor.ones(shape)
            return (t, t - durations.draw(count, key: key, step: step))
        }
    }

    /// The interval of a grid of so many that a uniform number falls in.
    private func onGrid(_ count: Tensor, _ place: Tensor) -> (t: Tensor, s: Tensor) {
        let index = floor(place * count)
        return ((index + 1) / count, index / count)
    }

    /// t is 1 in every row.
    var beginAtNoise: Bool {
        switch self {
        case .pair(let first, let second, _): first.onlyTime == 1 || second.onlyTime == 1
        case .gap(let length): length.onlyTime == 1
        case .grid(let steps): steps == 1
        case .dyadic(let levels): levels == 1
        case .below(let times), .diagonal(let times), .toData(let times): times.onlyTime == 1
        case .fromNoise: true
        case .halving: false
        }
    }

    /// t is above s in some rows.
    var hasIntervals: Bool {
        switch self {
        case .pair(let first, let second, let equal):
            equal < 1 && (first.onlyTime == nil || first.onlyTime != second.onlyTime)
        case .gap(let length), .fromNoise(let length): length.onlyTime != 0
        case .diagonal: false
        case .toData(let times), .below(let times): times.onlyTime != 0
        case .grid, .halving, .dyadic: true
        }
    }
}

/// One of a list of numbers, by the stage that the training is in; all stages are of one length.
/// - Parameter progress: a scalar in [0, 1).
/// - Returns: [1, 1].
func staged(_ values: [Double], _ progress: Tensor) -> Tensor {
    let stage = minimum(floor(progress * Double(values.count)), Tensor(Double(values.count - 1)))
    return Tensor(values.map(Float.init), shape: [values.count, 1]).gather(stage.reshaped(to: [1]))
}
