/// A training whose length is told in steps, or as a budget of forward passes that its method makes steps of.
struct BudgetedOptimization: Decodable, Validated {
    private enum Length {
        case steps(Int)
        /// In forward passes of one sample through one network, more than 0.
        case budget(Double)
    }

    private let length: Length
    /// With the steps as they are told, or 1.
    private let rest: Optimization

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Optimization.CodingKeys.self)
        let steps = try container.decodeIfPresent(Int.self, forKey: .steps)
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
    }

    func validate() throws(Violation) {
        if case .budget(let budget) = length { try positive(budget, "budget") }
        try rest.validate()
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
