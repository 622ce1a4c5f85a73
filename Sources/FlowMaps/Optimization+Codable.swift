import Tensors

extension Optimization: Codable {
    enum CodingKeys: String, CodingKey, RenamedKeys {
        case steps, budget, batch, learningRate, warmUp, cooldown, clip, ema, beta1, beta2, epsilon, weightDecay
        case precision, threads

        static let renamed = ["rate": "learningRate", "decay": "cooldown", "average": "ema"]
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        try self.init(container, steps: try container.decode(Int.self, forKey: .steps))
    }

    /// Reads everything but the steps from a container.
    init(_ container: KeyedDecodingContainer<CodingKeys>, steps: Int) throws {
        let usual = AdamConstants(), plain = Execution()
        self.init(
            steps: steps,
            batch: try container.decode(Int.self, forKey: .batch),
            learningRate: try container.decode(Double.self, forKey: .learningRate),
            warmUp: try container.decode(Double.self, forKey: .warmUp),
            cooldown: try container.decode(Double.self, forKey: .cooldown),
            clip: try container.decodeIfPresent(Double.self, forKey: .clip),
            ema: try container.decode(EMA.self, forKey: .ema),
            adam: AdamConstants(
                beta1: try container.decodeIfPresent(Double.self, forKey: .beta1) ?? usual.beta1,
                beta2: try container.decodeIfPresent(Double.self, forKey: .beta2) ?? usual.beta2,
                epsilon: try container.decodeIfPresent(Double.self, forKey: .epsilon) ?? usual.epsilon,
                weightDecay: try container.decodeIfPresent(Double.self, forKey: .weightDecay) ?? usual.weightDecay),
            execution: Execution(
                precision: try container.decodeIfPresent(Precision.self, forKey: .precision) ?? plain.precision,
                threads: try container.decodeIfPresent(Int.self, forKey: .threads) ?? plain.threads))
    }

    /// A constant that has its usual value is left out, whether it was written or not: both are one training. So are the threads
    /// where only what decides results is asked for, since weights have the same bits for any number of them.
    public func encode(to encoder: any Encoder) throws {
        let usual = AdamConstants()
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(steps, forKey: .steps)
        try container.encode(batch, forKey: .batch)
        try container.encode(learningRate, forKey: .learningRate)
        try container.encode(warmUp, forKey: .warmUp)
        try container.encode(cooldown, forKey: .cooldown)
        try container.encodeIfPresent(clip, forKey: .clip)
        try container.encode(ema, forKey: .ema)
        for (key, value, usual) in [
            (CodingKeys.beta1, adam.beta1, usual.beta1), (.beta2, adam.beta2, usual.beta2),
            (.epsilon, adam.epsilon, usual.epsilon), (.weightDecay, adam.weightDecay, usual.weightDecay),
        ] where value != usual {
            try container.encode(value, forKey: key)
        }
        if execution.precision != Execution().precision {
            try container.encode(execution.precision, forKey: .precision)
        }
        if execution.threads != Execution().threads, !encoder.isDecisiveOnly {
            try container.encode(execution.threads, forKey: .threads)
        }
    }
}
