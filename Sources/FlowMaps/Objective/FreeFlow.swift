import Engine

/// FreeFlow (arXiv 2511.19428): prediction, correction, or both in one batch, from prior noise alone.
///
/// The gradient is that of Σ F · sg(Δ) over the rows of the batch, divided by the rows and their dimension; the first rows are the
/// prediction's, the rest the correction's, whose vectors are scaled by λ.
struct FreeFlow {
    let prediction: Prediction?
    let correction: Correction?
    let teacher: TeacherVelocity
    let classes: Int
    let dimension: Int
    /// The law of γ; nil where the student is told none.
    let scales: ScaleDistribution?
    let optimization: Optimization
    let key: RandomKey

    private var correctionRows: Int {
        guard let correction else { return 0 }
        guard prediction != nil else { return optimization.batch }
        return max(1, min(optimization.batch - 1, Int((correction.share * Double(optimization.batch)).rounded())))
    }

    func step(_ state: inout DistillationState, _ step: Tensor) -> [(name: String, value: Tensor)] {
        let rows = optimization.batch
        let noise = Tensor.normal([rows, dimension], key: key.folding("noise"), step: step)
        let labels = classes > 0 ? Tensor.integers(below: classes, [rows], key: key.folding("labels"), step: step) : nil
        let drawnScales = scales?.draw(rows, key: key.folding("scales"), step: step)
        func part(_ range: Range<Int>) -> (Tensor, Condition) {
            let condition = Condition(
                labels: labels.map { $0.slice(range) }, guidance: drawnScales.map { $0.slice(range) })
            return (noise.slice(range), condition)
        }
        let boundary = rows - correctionRows
        let auxiliary = state.auxiliary.map { LearnedVelocity($0.model.network) }
        let result = valueAndGradient(at: state.student.model) { network in
            let map = LearnedFlowMap(network)
            var loss = Tensor(0)
            var measured: [(name: String, value: Tensor)] = []
            var predictionNorm: Tensor?
            if let prediction {
                let (noise, condition) = part(0..<boundary)
                let duration = prediction.durations.draw(boundary, key: key.folding("durations"), step: step)
                let (velocity, residual) = prediction.residual(
                    of: map, teacher: GuidedVelocity(teacher, prediction.guidance), noise: noise, duration: duration,
                    given: condition)
                let decayed = prediction.decay(residual)
                predictionNorm = meanNorm(correction?.balance == .decayed ? decayed : residual)
                loss += (velocity * stopGradient(decayed)).sum()
                measured.append(("predictionResidual", square(residual).mean()))
            }
            var corrected: Corrected?
            if let correction, let auxiliary {
                let (noise, condition) = part(boundary..<rows)
                let (velocity, gap, drawn) = correct(map, correction, auxiliary, noise, condition, step)
                let scale = predictionNorm.map { correction.alpha * $0 / (meanNorm(gap) + Correction.epsilon) }
                loss += (velocity * stopGradient(gap * (scale ?? Tensor(correction.alpha)))).sum()
                measured.append(("correctionGap", square(gap).mean()))
                if let scale { measured.append(("balance", scale)) }
                corrected = drawn
            }
            return (loss / Double(rows * dimension), (measured, corrected))
        }
        var (measured, corrected) = result.extra
        measured.append(("gradientNorm", state.student.learn(result.gradient, optimization, step: step)))
        if let correction, let corrected {
            measured.append(("auxiliaryLoss", trainAuxiliary(&state.auxiliary, correction, corrected, step)))
        }
        return measured
    }

    /// The student's samples, and how they were noised.
    private struct Corrected {
        let samples, noise, times: Tensor
        let condition: Condition
    }

    private func correct(
        _ map: LearnedFlowMap, _ correction: Correction, _ auxiliary: LearnedVelocity, _ noise: Tensor,
        _ condition: Condition, _ step: Tensor
    ) -> (velocity: Tensor, gap: Tensor, Corrected) {
        let ones = Tensor.ones([noise.shape[0], 1])
        let velocity = map.averageVelocity(noise, from: ones, to: ones - ones, given: condition)
        let drawn = renoise(noise - velocity, condition, correction, key, step)
        let gap = correction.gap(
            samples: drawn.samples, noise: drawn.noise, at: drawn.times, auxiliary: auxiliary,
            teacher: GuidedVelocity(teacher, correction.guidance), given: condition)
        return (velocity, gap, drawn)
    }

    private func renoise(
        _ samples: Tensor, _ condition: Condition, _ correction: Correction, _ key: RandomKey, _ step: Tensor
    ) -> Corrected {
        Corrected(
            samples: stopGradient(samples),
            noise: .normal(samples.shape, key: key.folding("renoise"), step: step),
            times: correction.times.draw(samples.shape[0], key: key.folding("times"), step: step), condition: condition)
    }

    private func trainAuxiliary(
        _ auxiliary: inout Learner<AuxiliaryNetwork>?, _ correction: Correction, _ first: Corrected, _ step: Tensor
    ) -> Tensor {
        var loss = Tensor(0)
        for update in 0..<correction.auxiliary.updates {
            let drawn =
                update == 0
                ? first
                : renoise(first.samples, first.condition, correction, key.folding("update").folding(update), step)
            let result = valueAndGradient(at: auxiliary!.model) { auxiliary in
                let loss = FlowMatching.loss(
                    LearnedVelocity(auxiliary.network), data: drawn.samples, noise: drawn.noise, at: drawn.times,
                    given: drawn.condition)
                return (loss, ())
            }
            // Adam counts the auxiliary's own updates; its rate goes by the student's steps, or it would reach 0 too early.
            let own = (step - 1) * Double(correction.auxiliary.updates) + Double(update + 1)
            auxiliary!.learn(
                result.gradient, optimization, factor: correction.auxiliary.learningRateRatio, step: step, update: own)
            loss = result.loss
        }
        return loss
    }

    /// E‖Δ‖ over the rows, a scalar.
    private func meanNorm(_ residual: Tensor) -> Tensor { sqrt(square(residual).sum([1])).mean() }
}
