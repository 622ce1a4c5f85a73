extension Method {
    /// The training cost of one row of a batch, in forward passes of one network: a backward pass counts two, a
    /// derivative along a direction one more than the pass it goes with, a guided velocity two; a bank of the
    /// teacher's samples is shared among all rows.
    public func forwardEquivalents(of optimization: Optimization) -> Double {
        let rows = Double(optimization.batch) * Double(optimization.steps)
        // A student that is not trained has no rows, and no bank.
        return rowCost(inBatchesOf: optimization.batch) + (rows > 0 ? bankEvaluations / rows : 0)
    }

    /// Forward passes a row that rematerialization adds: each backward pass of a network has its forward pass again. No part of a budget.
    public func rematerializedPasses(of optimization: Optimization) -> Double {
        guard optimization.rematerialize else { return 0 }
        let total = zip(terms, rows(of: optimization.batch)).reduce(0) { sum, term in
            sum + Double(term.1) * (1 + Double(term.0.term.target.levels == nil ? 0 : auxiliary?.updates ?? 0))
        }
        return total / Double(optimization.batch)
    }

    /// The same without a share in a bank.
    func rowCost(inBatchesOf batch: Int) -> Double {
        let total = zip(terms, rows(of: batch)).reduce(0) {
            $0 + Double($1.1) * $1.0.term.forwardEquivalents(auxiliary)
        }
        return total / Double(batch)
    }

    /// Evaluations of the teacher before the training begins.
    public var bankEvaluations: Double { terms.reduce(0) { $0 + $1.term.bankEvaluations } }
}

extension Term {
    private var guided: Double { guidance?.isActive == true ? 2 : 1 }

    /// A velocity of the target.
    private func cost(_ velocity: Velocity) -> Double {
        switch velocity {
        // κ takes one more evaluation, under the class.
        case .conditional: isGuidedAtStates(velocity) ? 0 : guided - 1 + ((guidance?.kappa ?? 0) == 0 ? 0 : 1)
        case .teacher, .student: guided
        }
    }

    private func cost(_ solver: NeighbourSolver) -> Double {
        switch solver {
        case .conditional: 0
        case .euler: guided
        case .heun: 2 * guided
        }
    }

    private var stateCost: Double {
        switch states {
        case .prior, .data, .teacherSamples: 0
        case .studentPath, .studentSamples: 1
        case .teacherPath(let sampler):
            if case .heun = sampler { 2 * Double(sampler.steps) * guided } else { Double(sampler.steps) * guided }
        }
    }

    /// Evaluations that a bank of samples takes, once.
    fileprivate var bankEvaluations: Double {
        guard case .teacherSamples(let count, let sampler, _) = states else { return 0 }
        guard let evaluations = sampler.evaluations(guidance: guidance) else {
            preconditionFailure("a bank is made by a sampler whose cost is known beforehand")
        }
        return Double(count) * Double(evaluations)
    }

    /// The cost of one row, without its share in a bank.
    fileprivate func forwardEquivalents(_ auxiliary: AuxiliaryTraining?) -> Double {
        // The student's pass and its backward pass; the auxiliary's training.
        // Each update of it but the first also makes samples of its own.
        let updates = Double(auxiliary?.updates ?? 0), student = 3.0
        let training = 3 * updates + max(0, updates - 1)
        let own: Double =
            switch target {
            case .direct(let velocity): student + cost(velocity)
            case .eulerian(let velocity, _, _): student + 1 + cost(velocity)
            // A derivative, or a second place of the map.
            case .lagrangian(let velocity, _): student + 1 + cost(velocity)
            case .secant(let velocity, _): student + 1 + cost(velocity)
            case .semigroup: student + 2
            case .consistency(_, let solver, _): student + 1 + cost(solver)
            case .moments(_, let solver, _, _): student + 1 + cost(solver)
            // The policy itself is evaluated without a network.
            case .imitation(let places, _): student + Double(places) * guided
            // The first update of the auxiliary shares its pass with the score.
            case .score: student + guided + training
            // Passes and backward passes to the inputs of both.
            case .fisher: student + 3 * guided + 2 + training
            }
        return own + stateCost
    }
}
