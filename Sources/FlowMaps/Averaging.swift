import Tensors

/// Which average of the parameters over a training is evaluated: a number, the half-life as a share of the steps, or one by name.
public enum Averaging: Hashable, Sendable {
    /// Exponential, of a half-life that is a share of the steps; 0 is no averaging.
    case halfLife(Double)
    /// Along a power of the step, `PowerAverage`: the deviation of its weights as a share of the steps.
    case power(deviation: Double)
    /// Along a power found after the training, from averages stored on the way. Only of teachers: their students come after.
    case afterwards(StoredAverages)

    /// Averages that any other is made of after the training (arXiv 2312.02696, section 3.2): the one wanted decides nothing of the
    /// training itself, so that another is had without it.
    public struct StoredAverages: Codable, Hashable, Sendable, Validated {
        /// Deviations of the averages that are stored, rising; at least two.
        public let stored: [Double]
        /// How often, evenly over the steps; the last time is at their end.
        public let snapshots: Int
        /// Of the average that is wanted; nil where the training alone is spoken of.
        public let deviation: Double?

        public init(stored: [Double], snapshots: Int, deviation: Double?) {
            (self.stored, self.snapshots, self.deviation) = (stored, snapshots, deviation)
        }

        public func validate() throws(Violation) {
            try require(stored.count >= 2, "stored", found: "\(stored.count) averages", allowed: "at least two")
            for deviation in stored { try Averaging.check(deviation, "stored", self) }
            try require(
                zip(stored, stored.dropFirst()).allSatisfy(<), "stored", found: "\(stored)",
                allowed: "rising numbers, each once")
            try require(snapshots, "snapshots", in: 1...1000)
            if let deviation { try Averaging.check(deviation, "deviation", self) }
        }

        /// The steps of a training at which averages are stored.
        public func steps(of steps: Int) -> [Int] {
            let count = min(snapshots, steps)
            return (1...count).map { $0 * steps / count }
        }

        /// The shares of the averages stored in the one wanted at the end: those of the first step in the order of `stored`, then
        /// those of the next.
        public func shares(of steps: Int) -> [Double] {
            guard let deviation else { preconditionFailure("no deviation is wanted of the averages stored") }
            let all = self.steps(of: steps).flatMap { step in
                stored.map { (PowerAverage(deviation: $0), Double(step)) }
            }
            return PowerAverage.synthesis(of: (PowerAverage(deviation: deviation), Double(steps)), from: all)
        }

        /// What decides the training: all but what is wanted of it.
        var training: StoredAverages { StoredAverages(stored: stored, snapshots: snapshots, deviation: nil) }
    }

    /// The largest deviation that a study may name, just below that of equal weights.
    private static let largest = 0.288

    fileprivate static func check(_ deviation: Double, _ key: String, _ value: some Validated) throws(Violation) {
        try value.require(
            deviation > 0 && deviation <= largest, key, found: deviation,
            allowed: "more than 0 and at most \(largest), which is all steps alike")
    }

    /// What is stored on the way, where the average is found afterwards.
    public var stored: StoredAverages? { if case .afterwards(let averages) = self { averages } else { nil } }

    /// Averages beside the one that is evaluated.
    var besides: Int { stored.map { $0.stored.count - 1 } ?? 0 }

    /// Moves averages after a model.
    /// - Parameters:
    ///   - step: the number of the model's own update, from 1, a scalar.
    ///   - steps: of the whole training.
    func update<M: Module>(_ average: inout M, _ besides: inout [M], towards model: M, step: Tensor, steps: Int) {
        switch self {
        case .halfLife(let share): MovingAverage(halfLife: share * Double(steps)).update(&average, towards: model)
        case .power(let deviation): PowerAverage(deviation: deviation).update(&average, towards: model, step: step)
        case .afterwards(let averages):
            PowerAverage(deviation: averages.stored[0]).update(&average, towards: model, step: step)
            for (index, deviation) in averages.stored.dropFirst().enumerated() {
                PowerAverage(deviation: deviation).update(&besides[index], towards: model, step: step)
            }
        }
    }
}

extension Averaging: Codable, Validated {
    /// What is written for an average that has a name.
    private enum Named: Codable {
        case power(deviation: Double)
        case afterwards(StoredAverages)

        enum CodingKeys: String, CodingKey, CaseIterable { case power, afterwards }
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let share = try? container.decode(Double.self) {
            self = .halfLife(share)
            return
        }
        if let word = try? container.decode(String.self) {
            throw Violation(
                key: nil, found: word, allowed: "a decimal number, power: {deviation} or afterwards: {stored, …}")
        }
        switch try container.decode(Named.self) {
        case .power(let deviation): self = .power(deviation: deviation)
        case .afterwards(let averages): self = .afterwards(averages)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .halfLife(let share): try container.encode(share)
        case .power(let deviation): try container.encode(Named.power(deviation: deviation))
        case .afterwards(let averages): try container.encode(Named.afterwards(averages))
        }
    }

    public func validate() throws(Violation) {
        if case .power(let deviation) = self { try Self.check(deviation, "power.deviation", self) }
    }
}
