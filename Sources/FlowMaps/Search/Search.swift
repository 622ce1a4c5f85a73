/// An inference-time search: a score chooses the noise of a sample among several, at a stated total of network
/// evaluations per sample.
///
/// Noises that are found with a one-step student cost an evaluation each, and only the best is given to the teacher
/// (arXiv 2511.19428); the other strategies spend the same on the teacher alone (arXiv 2501.09732).
public struct Search: Hashable, Sendable, Validated {
    /// Network evaluations a sample in all, rising; each at least what the sampler takes.
    public let budgets: [Int]
    /// Samples that are searched for.
    public let samples: Int
    /// The teacher's sampler for the chosen noise, under the guidance of the evaluation.
    public let sampler: Sampler
    /// Noises around the best one that zero-order search tries before it moves.
    public let neighbours: Int
    /// ρ in (0, 1]: a neighbour of z is √(1 − ρ²) z + ρ n with fresh n, as normal as z is; at 1 it has nothing of z.
    public let radius: Double

    /// A search from its settings.
    public init(budgets: [Int], samples: Int, sampler: Sampler, neighbours: Int, radius: Double) {
        (self.budgets, self.samples) = (budgets, samples)
        (self.sampler, self.neighbours, self.radius) = (sampler, neighbours, radius)
    }

    /// Checks the ranges of the settings.
    public func validate() throws(Violation) {
        let isRising = zip(budgets, budgets.dropFirst()).allSatisfy { $0 < $1 }
        try require(
            !budgets.isEmpty && isRising && budgets[0] > 0, "budgets",
            found: "[\(budgets.map(String.init).joined(separator: ", "))]",
            allowed: "rising numbers above 0")
        for budget in budgets { try require(budget, "budgets", atLeast: 1, atMost: Most.budget) }
        try require(samples, "samples", atLeast: 2, atMost: Most.samples)
        switch sampler {
        case .euler, .heun: break
        case .adaptive, .sde:
            throw Violation(
                key: "sampler", found: sampler.name,
                allowed: "euler or heun: a noise has one sample, at a cost that is known beforehand")
        }
        try require(neighbours, "neighbours", atLeast: 1, atMost: Most.samples)
        try require(radius > 0 && radius <= 1, "radius", found: radius, allowed: "more than 0, to 1")
    }

    /// Checks that the smallest budget pays for one sample of the teacher.
    public func validate(under guidance: Guidance?) throws(Violation) {
        let least = cost(of: sampler, guidance)
        try require(
            budgets[0] >= least, "budgets", found: budgets[0],
            allowed: "at least the \(least) evaluations that the sampler takes")
    }

    /// The ways to spend evaluations.
    public enum Strategy: String, Codable, Hashable, Sendable, CaseIterable {
        /// No search: a sampler of as many steps as they pay for.
        case steps
        /// Noises through one Euler step of the teacher, the best of them through its sampler.
        case random
        /// Noises through the teacher's sampler, the best of its samples.
        case bestOf
        /// The same, but each group of noises around the best so far.
        case zeroOrder
        /// Noises through the student's one step, the best of them through the teacher's sampler.
        case student
    }

    /// Noises that a strategy may try, and what a sample then costs in all; both at least what one noise costs.
    /// - Parameter budget: at least what the sampler takes.
    public func candidates(_ strategy: Strategy, budget: Int, guidance: Guidance?) -> (count: Int, evaluations: Int) {
        let whole = cost(of: sampler, guidance)
        switch strategy {
        case .steps:
            return (1, cost(of: longest(within: budget, guidance), guidance))
        case .bestOf, .zeroOrder: return (budget / whole, budget / whole * whole)
        case .random, .student:
            let each = strategy == .student ? 1 : cost(of: .euler(steps: 1), guidance)
            let count = (budget - whole) / each
            // A single noise needs no preview.
            return count < 2 ? (1, whole) : (count, count * each + whole)
        }
    }

    /// The sampler with as many steps as a budget pays for.
    func longest(within budget: Int, _ guidance: Guidance?) -> Sampler {
        var best = sampler
        while true {
            let next = best.taking(best.steps + 1)
            guard cost(of: next, guidance) <= budget else { return best }
            best = next
        }
    }

    private func cost(of sampler: Sampler, _ guidance: Guidance?) -> Int {
        guard let evaluations = sampler.evaluations(guidance: guidance) else {
            preconditionFailure("a search pays for samplers whose cost is known beforehand")
        }
        return evaluations
    }
}

extension Sampler {
    /// The same with another number of steps.
    func taking(_ steps: Int) -> Sampler {
        switch self {
        case .euler(_, let grid): .euler(steps: steps, grid: grid)
        case .heun(_, let grid): .heun(steps: steps, grid: grid)
        case .sde(_, let last, let diffusion, let scale):
            .sde(steps: steps, last: last, diffusion: diffusion, scale: scale)
        // Its steps are its own.
        case .adaptive: self
        }
    }
}
