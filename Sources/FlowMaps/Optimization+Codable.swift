import Tensors

extension Optimization: Codable {
    enum CodingKeys: String, CodingKey {
        case steps, budget, batch, rate, warmUp, decay, clip, average, precision, threads
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(container, steps: try container.decode(Int.self, forKey: .steps))
    }

    /// All but the steps from a container.
    init(_ container: KeyedDecodingContainer<CodingKeys>, steps: Int) throws {
        let plain = Execution()
        self.init(
            steps: steps,
            batch: try container.decode(Int.self, forKey: .batch),
            rate: try container.decode(Double.self, forKey: .rate),
            warmUp: try container.decode(Double.self, forKey: .warmUp),
            decay: try container.decode(Double.self, forKey: .decay),
            clip: try container.decodeIfPresent(Double.self, forKey: .clip),
            average: try container.decode(Averaging.self, forKey: .average),
            execution: Execution(
                precision: try container.decodeIfPresent(Precision.self, forKey: .precision) ?? plain.precision,
                threads: try container.decodeIfPresent(Int.self, forKey: .threads) ?? plain.threads))
    }

    /// What is absent where it may be is left out, written or not: both are one training. So are the threads where only what decides
    /// results is asked for: weights have the same bits for any number of them.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(steps, forKey: .steps)
        try container.encode(batch, forKey: .batch)
        try container.encode(rate, forKey: .rate)
        try container.encode(warmUp, forKey: .warmUp)
        try container.encode(decay, forKey: .decay)
        try container.encodeIfPresent(clip, forKey: .clip)
        try container.encode(average, forKey: .average)
        if execution.precision != Execution().precision {
            try container.encode(execution.precision, forKey: .precision)
        }
        if execution.threads != Execution().threads, !encoder.isDecisiveOnly {
            try container.encode(execution.threads, forKey: .threads)
        }
    }
}
