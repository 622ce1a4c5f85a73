extension Objective {
    /// What a row of a batch costs in training, in forward passes of one network: a backward pass counts two, a jvp two, a
    /// guided teacher two, a weak one as much as the teacher; a bank of the teacher's samples is shared out over all rows.
    public func forwardEquivalents(of optimization: Optimization) -> Double {
        let rows = Double(optimization.batch) * Double(optimization.steps)
        return rowCost(inBatchesOf: optimization.batch) + bankEvaluations / rows
    }

    /// The same without a share in a bank.
    func rowCost(inBatchesOf batch: Int) -> Double {
        func teacher(_ guidance: Guidance?) -> Double { guidance?.isActive == true ? 2 : 1 }
        switch self {
        case .freeflow(let prediction, let correction):
            let predicted = prediction.map { prediction in
                // A forward pass, one more for the derivative (a tangent, or a second place), and the backward pass.
                return 4 + teacher(prediction.guidance)
            }
            let corrected = correction.map { correction in
                // The student's forward and backward, the auxiliary's forward and backward, the teacher.
                3 + 3 * Double(correction.auxiliary.updates) + teacher(correction.guidance)
            }
            guard let predicted else { return corrected ?? 0 }
            guard let corrected, let correction else { return predicted }
            return (1 - correction.share) * predicted + correction.share * corrected
        case .meanFlow(_, _, _, let guidance): return 4 + teacher(guidance)
        case .method(let method): return method.rowCost(inBatchesOf: batch)
        }
    }
}
