import Tensors

/// Steps whose batch is computed in equal parts. The rows of a step are drawn as those of the whole batch, and each part takes its own, so
/// that the same numbers are averaged in another order.
extension MethodTraining {
    /// What the parts of a step add up to.
    struct StepSums: Module {
        /// Of each term, the student's gradient without the factor that depends on all rows.
        var gradients: [Network]
        var auxiliary: AuxiliaryNetwork?
        /// The gradients of the learned weights, one a term; empty where none is learned.
        var weights: [TimeWeightNetwork?]
        /// Means over the rows: each term's squared residual and the norm that the second's factor is of; then the losses of the
        /// auxiliary and of the learned weights.
        var numbers: [Tensor]

        mutating func visitParameters(_ visit: (String, inout Tensor) -> Void) {
            gradients.visitParameters(under: "gradients", visit)
            auxiliary.visitParameters(under: "auxiliary", visit)
            weights.visitParameters(under: "weights", visit)
            for index in numbers.indices { visit("numbers.\(index)", &numbers[index]) }
        }
    }

    func trainerInParts(_ start: DistillationState, on backend: any Backend) throws -> Trainer<DistillationState> {
        try Trainer(
            initial: start, inPartsOf: optimization, on: backend, contribution: contribution, update: update)
    }

    /// What one part, whose number from 0 is a scalar, adds at a step.
    private func contribution(_ state: DistillationState, _ step: Tensor, _ part: Tensor) -> StepSums {
        let parts = optimization.parts, weights = state.weights.map { $0?.model }
        var sums = StepSums(gradients: [], auxiliary: nil, weights: weights.map { _ in nil }, numbers: [])
        var generated: (samples: Tensor, rows: TermBatch)?
        var ends: [Tensor] = []
        for (index, named) in method.terms.enumerated() {
            let pass = valueAndGradient(
                at: state.student.model, rematerializing: optimization.rematerialize
            ) { network in
                let map = LearnedFlowMap(network)
                let networks = TermNetworks(
                    student: map, target: state.target.map { LearnedFlowMap($0) } ?? map, teacher: teacher,
                    auxiliary: (state.auxiliary?.model).map { LearnedVelocity($0.network) })
                let rows = rows(index, step, student: map).part(part, of: parts)
                let weight = weights.isEmpty ? nil : weights[index]
                let result = named.term(rows, networks.of(named.term, teacher, weight))
                let loss = (result.output * stopGradient(result.direction)).sum()
                return (loss / Double(optimization.batch * data.dimension), (result: result, rows: rows))
            }
            let result = pass.extra.result
            sums.gradients.append(pass.gradient)
            sums.numbers.append(square(result.residual).mean())
            if let norm = method.secondTerm?.meanNorm(result) { sums.numbers.append(norm) }
            if let samples = result.samples, generated == nil {
                generated = (samples, pass.extra.rows)
            }
            if let losses = result.losses, let learned = named.term.weighting.learned, let weight = weights[index] {
                let fit = valueAndGradient(at: weight) { (learned.loss($0(losses.t, losses.s), losses.loss), ()) }
                sums.weights[index] = fit.gradient.mapParameters { $0 / Double(parts) }
                ends.append(fit.loss)
            }
        }
        if let generated, let auxiliary = state.auxiliary?.model {
            let fit = valueAndGradient(at: auxiliary, rematerializing: optimization.rematerialize) { auxiliary in
                let loss = FlowMatching.loss(
                    LearnedVelocity(auxiliary.network), data: generated.samples, noise: generated.rows.renoise,
                    at: generated.rows.level, given: generated.rows.condition)
                return (loss, ())
            }
            sums.auxiliary = fit.gradient.mapParameters { $0 / Double(parts) }
            ends.insert(fit.loss, at: 0)
        }
        sums.numbers = (sums.numbers + ends).map { $0 / Double(parts) }
        return sums
    }

    /// One step along the sums of all parts.
    private func update(
        _ state: inout DistillationState, _ sums: StepSums, _ step: Tensor
    ) -> [(name: String, value: Tensor)] {
        var numbers = sums.numbers[...], measured: [(name: String, value: Tensor)] = []
        var gradient: Network?
        var norms: [Tensor] = []
        let isRelative = method.secondTerm.map { $0.balance != .none } ?? false
        for (index, part) in method.terms.enumerated() {
            measured.append(("\(part.key ?? "main")Residual", numbers.removeFirst()))
            if isRelative { norms.append(numbers.removeFirst()) }
            var factor = Tensor(part.key == nil ? 1 : method.secondTerm?.weight ?? 1)
            if part.key != nil, index > 0, isRelative, let ratio = method.secondTerm?.factor(norms[0], norms[1]) {
                factor = ratio
                measured.append(("balance", ratio))
            }
            let own = sums.gradients[index].mapParameters { $0 * factor }
            gradient = gradient.map { $0.zipParameters(own) { $0 + $1 } } ?? own
        }
        guard let gradient else { preconditionFailure("a method has a term") }
        measured.append(("gradientNorm", state.student.learn(gradient, optimization, step: step)))
        if let settings = method.auxiliary, let slope = sums.auxiliary {
            state.auxiliary?.learn(
                slope, optimization, factor: settings.learningRateRatio, step: step, update: step)
            measured.append(("auxiliaryLoss", numbers.removeFirst()))
        }
        for (index, part) in method.terms.enumerated() {
            guard let learned = part.term.weighting.learned, let slope = sums.weights[index] else { continue }
            state.weights[index]?.learn(slope, optimization, factor: learned.learningRateRatio, step: step)
            measured.append(("\(part.key ?? "main")WeightLoss", numbers.removeFirst()))
        }
        follow(&state, step)
        return measured
    }
}
