import Tensors

extension Optimization: Codable {
    enum CodingKeys: String, CodingKey, RenamedKeys {
        case steps, budget, batch, learningRate, warmUp, cooldown, clip, ema, beta1, beta2, epsilon, weightDecay
        case precision, threads, device, devices, accumulate, rematerialize

        static let renamed = ["rate": "learningRate", "decay": "cooldown", "average": "ema"]
    }

    /// Decodes the value from a specification or a record.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let length = try container.decode(TrainingLength.self, forKey: .steps)
        let batch = try container.decode(Int.self, forKey: .batch)
        try self.init(container, steps: try length.steps(ofBatch: batch))
    }

    /// Reads everything but the steps from a container.
    init(_ container: KeyedDecodingContainer<CodingKeys>, steps: Int) throws {
        let usual = AdamConstants(), plain = Execution()
        let batch = try container.decode(Int.self, forKey: .batch)
        func share(_ key: CodingKeys) throws -> Double {
            try container.decode(TrainingShare.self, forKey: key).share(ofSteps: steps, batch: batch)
        }
        self.init(
            steps: steps,
            batch: batch,
            learningRate: try container.decode(Double.self, forKey: .learningRate),
            warmUp: try share(.warmUp),
            cooldown: try share(.cooldown),
            clip: try container.decodeIfPresent(Double.self, forKey: .clip),
            ema: try container.decode(WrittenEMA.self, forKey: .ema).ema(ofSteps: steps, batch: batch),
            adam: AdamConstants(
                beta1: try container.decodeIfPresent(Double.self, forKey: .beta1) ?? usual.beta1,
                beta2: try container.decodeIfPresent(Double.self, forKey: .beta2) ?? usual.beta2,
                epsilon: try container.decodeIfPresent(Double.self, forKey: .epsilon) ?? usual.epsilon,
                weightDecay: try container.decodeIfPresent(Double.self, forKey: .weightDecay) ?? usual.weightDecay),
            execution: Execution(
                precision: try container.decodeIfPresent(Precision.self, forKey: .precision) ?? plain.precision,
                threads: try container.decodeIfPresent(Int.self, forKey: .threads) ?? plain.threads,
                devices: try container.decodeIfPresent(Int.self, forKey: .devices) ?? plain.devices),
            device: try container.decodeIfPresent(Device.self, forKey: .device) ?? .cpu,
            accumulate: try container.decodeIfPresent(Int.self, forKey: .accumulate) ?? 1,
            rematerialize: try container.decodeIfPresent(Bool.self, forKey: .rematerialize) ?? false)
    }

    /// Encodes the optimization. What has its usual value is left out, whether it was written or not, as both are one training: Adam's
    /// constants, the processor as the device, one device, one part, kept values. The threads are left out where the encoder includes only
    /// what decides results, since weights have the same bits for any number of them.
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
        if device != .cpu { try container.encode(device, forKey: .device) }
        if execution.devices != Execution().devices { try container.encode(execution.devices, forKey: .devices) }
        if accumulate != 1 { try container.encode(accumulate, forKey: .accumulate) }
        if rematerialize { try container.encode(rematerialize, forKey: .rematerialize) }
    }
}
