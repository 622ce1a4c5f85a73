/// A training whose length is given in steps, or as a budget of forward passes that its method converts to steps.
struct BudgetedOptimization: Decodable, Validated {
    private enum Length {
        case steps(Int)
        /// In forward passes of one sample through one network, more than 0.
        case budget(Double)
    }

    private let length: Length
    /// The optimization with the given steps, or with 1 in place of a budget.
    private let rest: Optimization
    /// A key whose value is in images, which a budget cannot be converted to.
    private let inImages: String?

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Optimization.CodingKeys.self)
        let written = try container.decodeIfPresent(TrainingLength.self, forKey: .steps)
        let steps = try written?.steps(ofBatch: try container.decode(Int.self, forKey: .batch))
        switch (steps, try container.decodeIfPresent(Double.self, forKey: .budget)) {
        case (let steps?, nil): length = .steps(steps)
        case (nil, let budget?): length = .budget(budget)
        case (_?, _?):
            throw Violation(
                key: "budget", found: "steps and a budget",
                allowed: "one of them: the other is taken away by ~, as in {steps: ~, budget: 3.0e+6}")
        case (nil, nil) where container.contains(.steps):
            throw Violation(
                key: "steps", found: "~", allowed: "a whole number, or a budget of forward passes in its place")
        // Says that they are missing.
        case (nil, nil): length = .steps(try container.decode(Int.self, forKey: .steps))
        }
        rest = try Optimization(container, steps: steps ?? 1)
        inImages = steps == nil ? try Self.keyInImages(container) : nil
    }

    func validate() throws(Violation) {
        if case .budget(let budget) = length { try positive(budget, "budget") }
        try require(
            inImages == nil, inImages ?? "budget", found: "images",
            allowed: "a share, as a budget has another number of images for each method")
        try rest.validate()
    }

    private static func keyInImages(
        _ container: KeyedDecodingContainer<Optimization.CodingKeys>
    ) throws -> String? {
        for key in [Optimization.CodingKeys.warmUp, .cooldown] {
            if case .images = try container.decode(TrainingShare.self, forKey: key) { return key.rawValue }
        }
        guard try container.decode(WrittenEMA.self, forKey: .ema).isInImages else { return nil }
        return Optimization.CodingKeys.ema.rawValue
    }

    /// The training of a method, in steps: as many whole ones as the budget allows.
    /// - Throws: `Violation` for a budget of less than one step, or of more than any training.
    func optimization(of method: Method) throws(Violation) -> Optimization {
        guard case .budget(let budget) = length else { return rest }
        let step = method.rowCost(inBatchesOf: rest.batch) * Double(rest.batch), bank = method.bankEvaluations
        let steps = ((budget - bank) / step).rounded(.down)
        guard steps >= 1, steps <= Double(Optimization.mostSteps) else {
            let least =
                bank == 0 ? "\(step)" : "\(bank + step), of which the bank of the teacher's samples takes \(bank)"
            throw Violation(
                key: "budget", found: "\(budget)",
                allowed: steps < 1
                    ? "forward passes for a step at least: \(least)"
                    : "forward passes for at most \(Optimization.mostSteps) steps of \(step)")
        }
        return rest.replacing(steps: Int(steps))
    }
}
