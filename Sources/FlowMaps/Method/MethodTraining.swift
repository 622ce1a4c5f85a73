import Engine

/// One step of a method: the gradient is that of Σ F · direction over the rows of the batch, divided by the rows and their
/// dimension; the first rows are the main objective's.
struct MethodTraining {
    let method: Method
    let teacher: TeacherVelocity
    let data: TrainingData
    /// The law of γ; nil where the student is told none.
    let scales: ScaleDistribution?
    let optimization: Optimization
    let key: RandomKey
    /// Of each term.
    private let banks: [TeacherBank?]

    init(
        _ method: Method, teacher: TeacherVelocity, data: TrainingData, scales: ScaleDistribution? = nil,
        optimization: Optimization, key: RandomKey
    ) {
        (self.method, self.teacher, self.data) = (method, teacher, data)
        (self.scales, self.optimization, self.key) = (scales, optimization, key)
        banks = method.terms.map { _, term in
            TeacherBank(term.states, of: teacher, guidance: term.guidance, data: data, key: key.folding("bank"))
        }
    }

    func step(_ state: inout DistillationState, _ step: Tensor) -> [(name: String, value: Tensor)] {
        let progress = (step - 1) / Double(optimization.steps)
        let counts = method.rows(of: optimization.batch)
        let auxiliary = state.auxiliary.map { LearnedVelocity($0.model.network) }
        let target = state.target, weights = state.weights
        let result = valueAndGradient(at: state.student.model) { network in
            var loss = Tensor(0)
            var measured: [(name: String, value: Tensor)] = []
            var generated: Generated?
            var losses: [(loss: Tensor, t: Tensor, s: Tensor)?] = []
            for (index, part) in method.terms.enumerated() {
                let (name, term) = (part.key ?? "main", part.term)
                let map = LearnedFlowMap(network)
                let drawing = TermDrawing(
                    term: term, data: data, bank: banks[index], labelDropout: method.labelDropout, scales: scales,
                    key: key.folding(name))
                let rows = drawing.rows(counts[index], step: step, progress: progress, student: map)
                let networks = TermNetworks(
                    student: map, target: target.map { LearnedFlowMap($0) } ?? map,
                    teacher: GuidedVelocity(teacher, term.guidance), auxiliary: auxiliary,
                    weight: weights.isEmpty ? nil : weights[index]?.model)
                let result = term(rows, networks)
                let weight = index == 0 ? 1 : method.beside?.weight ?? 1
                loss += weight * (result.output * result.direction).sum()
                measured.append(("\(name)Residual", square(result.residual).mean()))
                losses.append(result.losses)
                if let samples = result.samples, generated == nil {
                    generated = Generated(samples: samples, rows: rows, levels: term.target.levels!)
                }
            }
            return (loss / Double(optimization.batch * data.dimension), (measured, generated, losses))
        }
        var (measured, generated, losses) = result.extra
        measured.append(("gradientNorm", state.student.learn(result.gradient, optimization, step: step)))
        if let generated, let settings = method.auxiliary {
            measured.append(("auxiliaryLoss", train(&state.auxiliary!, settings, on: generated, step)))
        }
        for (index, part) in method.terms.enumerated() {
            guard let losses = losses[index], let learned = part.term.weighting.learned else { continue }
            let loss = train(&state.weights[index]!, learned, on: losses, step)
            measured.append(("\(part.key ?? "main")WeightLoss", loss))
        }
        follow(&state, step)
        return measured
    }

    /// One step of a learned weight on the losses of the rows.
    private func train(
        _ weight: inout Learner<TimeWeightNetwork>, _ learned: LearnedWeight,
        on rows: (loss: Tensor, t: Tensor, s: Tensor), _ step: Tensor
    ) -> Tensor {
        let result = valueAndGradient(at: weight.model) { (learned.loss($0(rows.t, rows.s), rows.loss), ()) }
        weight.learn(result.gradient, optimization, factor: learned.rate, step: step)
        return result.loss
    }

    /// The student's samples of a step, and how they were noised.
    private struct Generated {
        let samples: Tensor
        let rows: TermRows
        let levels: TimeDistribution
    }

    /// Flow matching on the student's samples, first as they were noised for the student, then anew.
    private func train(
        _ auxiliary: inout Learner<AuxiliaryNetwork>, _ settings: Correction.Auxiliary, on generated: Generated,
        _ step: Tensor
    ) -> Tensor {
        var loss = Tensor(0)
        for update in 0..<settings.updates {
            let own = key.folding("update").folding(update), count = generated.samples.shape[0]
            let noise =
                update == 0
                ? generated.rows.renoise
                : .normal(generated.samples.shape, key: own.folding("renoise"), step: step)
            let level =
                update == 0
                ? generated.rows.level : generated.levels.draw(count, key: own.folding("levels"), step: step)
            let result = valueAndGradient(at: auxiliary.model) { auxiliary in
                let loss = FlowMatching.loss(
                    LearnedVelocity(auxiliary.network), data: generated.samples, noise: noise, at: level,
                    given: generated.rows.condition)
                return (loss, ())
            }
            // Adam counts the auxiliary's own updates; its rate goes by the student's steps, or it would reach 0 too early.
            let ownUpdate = (step - 1) * Double(settings.updates) + Double(update + 1)
            auxiliary.learn(result.gradient, optimization, factor: settings.rate, step: step, update: ownUpdate)
            loss = result.loss
        }
        return loss
    }

    /// Moves the target network after the student.
    private func follow(_ state: inout DistillationState, _ step: Tensor) {
        guard var target = state.target else { return }
        switch method.targetNetwork {
        case .student: break
        case .average(let halfLife):
            MovingAverage(halfLife: halfLife * Double(optimization.steps))
                .update(&target, towards: state.student.model)
        case .predecessor(let stages):
            func stage(_ step: Tensor) -> Tensor { floor(step * (Double(stages) / Double(optimization.steps))) }
            let begins = greater(stage(step), stage(step - 1))
            target = target.zipParameters(state.student.model) {
                select(begins.broadcast(to: $0.shape), $1, $0)
            }
        }
        state.target = target
    }
}

extension Method {
    /// The rows of each term of a batch: at least one each, and whole groups of the main one.
    public func rows(of batch: Int) -> [Int] {
        guard let beside else { return [batch] }
        let second = max(1, min(batch - 1, Int((beside.share * Double(batch)).rounded())))
        return [batch - second, second]
    }
}
