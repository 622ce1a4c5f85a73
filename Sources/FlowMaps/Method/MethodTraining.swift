import Tensors

extension TermNetworks {
    /// The networks of a term: the teacher under its guidance, and its learned weight.
    func of(_ term: Term, _ teacher: TeacherVelocity, _ weight: TimeWeightNetwork?) -> TermNetworks {
        var networks = self
        networks.teacher = GuidedVelocity(teacher, term.guidance)
        networks.weight = weight
        return networks
    }
}

/// One step of a method: the gradient is that of Σ F · direction over the rows of the batch, divided by the rows and their
/// dimension; the first rows are the main term's, and the direction of the second term's is scaled by its factor.
struct MethodTraining {
    let method: Method
    let teacher: TeacherVelocity
    let data: TrainingData
    /// The distribution of γ; nil where the student is not conditioned on it.
    let guidanceScales: GuidanceScaleDistribution?
    let optimization: Optimization
    let key: RandomKey
    /// The bank of the teacher's samples of each term; nil for a term that needs none.
    private let banks: [TeacherBank?]
    /// The rows of a whole batch that each term has.
    var counts: [Int] { method.rows(of: optimization.batch) }

    init(
        _ method: Method, teacher: TeacherVelocity, data: TrainingData,
        guidanceScales: GuidanceScaleDistribution? = nil,
        optimization: Optimization, key: RandomKey, on backend: any Backend
    ) throws {
        (self.method, self.teacher, self.data) = (method, teacher, data)
        (self.guidanceScales, self.optimization, self.key) = (guidanceScales, optimization, key)
        banks = try method.terms.map { _, term in
            try TeacherBank(
                term.states, of: teacher, guidance: term.guidance, data: data, key: key.folding("bank"), on: backend)
        }
    }

    func step(_ state: inout DistillationState, _ step: Tensor) -> [(name: String, value: Tensor)] {
        let (auxiliary, target, weights) = (state.auxiliary?.model, state.target, state.weights.map { $0?.model })
        let result = valueAndGradient(
            at: state.student.model, rematerializing: optimization.rematerialize
        ) { network in
            let map = LearnedFlowMap(network)
            let networks = TermNetworks(
                student: map, target: target.map { LearnedFlowMap($0) } ?? map, teacher: teacher,
                auxiliary: auxiliary.map { LearnedVelocity($0.network) })
            return loss(networks, weights, step)
        }
        var measured = result.extra.measured
        measured.append(("gradientNorm", state.student.learn(result.gradient, optimization, step: step)))
        if let generated = result.extra.generated, let settings = method.auxiliary {
            let loss = train(&state.auxiliary!, settings, on: generated, by: state.student.model, step)
            measured.append(("auxiliaryLoss", loss))
        }
        for (index, part) in method.terms.enumerated() {
            guard let losses = result.extra.losses[index], let learned = part.term.weighting.learned else { continue }
            let loss = train(&state.weights[index]!, learned, on: losses, step)
            measured.append(("\(part.key ?? "main")WeightLoss", loss))
        }
        follow(&state, step)
        return measured
    }

    /// The by-products of the student's loss in one step.
    private struct Remainder {
        var measured: [(name: String, value: Tensor)] = []
        /// The samples of the first term that compares distributions.
        var generated: Generated?
        /// The losses of the rows of each term; nil where no weight is learned from them.
        var losses: [(loss: Tensor, t: Tensor, s: Tensor)?] = []
    }

    /// The student's loss, a scalar.
    /// - Parameters:
    ///   - networks: those of all terms; the teacher is not guided yet.
    ///   - weights: the learned weight of each term; empty where none is learned.
    private func loss(
        _ networks: TermNetworks, _ weights: [TimeWeightNetwork?], _ step: Tensor
    ) -> (loss: Tensor, Remainder) {
        var (loss, remainder, before) = (Tensor(0), Remainder(), nil as TermResult?)
        for (index, part) in method.terms.enumerated() {
            let name = part.key ?? "main"
            let rows = rows(index, step, student: networks.student)
            let result = part.term(rows, networks.of(part.term, teacher, weights.isEmpty ? nil : weights[index]))
            remainder.measured.append(("\(name)Residual", square(result.residual).mean()))
            if part.key != nil, let factor = method.secondTerm?.factor(of: result, relativeTo: before) {
                loss += (result.output * stopGradient(result.direction * factor)).sum()
                remainder.measured.append(("balance", factor))
            } else {
                let weight = part.key == nil ? 1 : method.secondTerm?.weight ?? 1
                loss += weight * (result.output * result.direction).sum()
            }
            remainder.losses.append(result.losses)
            if let samples = result.samples, remainder.generated == nil {
                remainder.generated = Generated(
                    samples: samples, rows: rows, drawing: drawing(index),
                    teacher: GuidedVelocity(teacher, part.term.guidance))
            }
            before = result
        }
        return (loss / Double(optimization.batch * data.dimension), remainder)
    }

    /// How the rows of a term are drawn.
    private func drawing(_ index: Int) -> BatchSampler {
        let part = method.terms[index]
        return BatchSampler(
            term: part.term, data: data, bank: banks[index], labelDropout: method.labelDropout,
            guidanceScales: guidanceScales,
            streams: TermStreams(key: key, isSecond: part.key != nil, sharing: method.sharing))
    }

    /// All rows of a term at a step.
    /// - Parameter student: as it is, for states that it makes.
    func rows(_ index: Int, _ step: Tensor, student: any FlowMap) -> TermBatch {
        let begin = counts[..<index].reduce(0, +)
        return drawing(index).rows(
            begin..<(begin + counts[index]), of: optimization.batch, step: step,
            progress: (step - 1) / Double(optimization.steps), student: student)
    }

    /// One step of a learned weight on the losses of the rows.
    private func train(
        _ weight: inout TrainState<TimeWeightNetwork>, _ learned: LearnedWeight,
        on rows: (loss: Tensor, t: Tensor, s: Tensor), _ step: Tensor
    ) -> Tensor {
        let result = valueAndGradient(at: weight.model) { (learned.loss($0(rows.t, rows.s), rows.loss), ()) }
        weight.learn(result.gradient, optimization, factor: learned.learningRateRatio, step: step)
        return result.loss
    }

    /// The student's samples of a step, how they were noised, and how more are drawn.
    private struct Generated {
        let samples: Tensor
        let rows: TermBatch
        let drawing: BatchSampler
        /// Under the term's guidance.
        let teacher: any VelocityField

        /// The rows of a later update of the auxiliary, and the student's samples of them: a batch of its own.
        func fresh(_ update: Int, by student: Network, _ step: Tensor) -> (samples: Tensor, rows: TermBatch) {
            var drawing = drawing
            drawing.streams = drawing.streams.of(update: update)
            let map = LearnedFlowMap(student), count = samples.shape[0], term = drawing.term
            let rows = drawing.rows(0..<count, of: count, step: step, progress: rows.progress, student: map)
            let networks = TermNetworks(student: map, target: map, teacher: teacher, auxiliary: nil)
            let state = term.states.state(rows, at: rows.t, networks)
            return (stopGradient(map(state, from: rows.t, to: rows.s, given: rows.condition)), rows)
        }
    }

    /// Flow matching on the student's samples, first on those that the student was judged by, then on fresh batches of the student as it
    /// is after its step (arXiv 2405.14867, as its code does).
    private func train(
        _ auxiliary: inout TrainState<AuxiliaryNetwork>, _ settings: AuxiliaryTraining, on generated: Generated,
        by student: Network, _ step: Tensor
    ) -> Tensor {
        var loss = Tensor(0)
        for update in 0..<settings.updates {
            let (samples, rows) =
                update == 0 ? (generated.samples, generated.rows) : generated.fresh(update, by: student, step)
            let result = valueAndGradient(
                at: auxiliary.model, rematerializing: optimization.rematerialize
            ) { auxiliary in
                let loss = FlowMatching.loss(
                    LearnedVelocity(auxiliary.network), data: samples, noise: rows.renoise, at: rows.level,
                    given: rows.condition)
                return (loss, ())
            }
            // Adam counts the auxiliary's own updates; its rate goes by the student's steps, or it would reach 0 too early.
            let ownUpdate = (step - 1) * Double(settings.updates) + Double(update + 1)
            auxiliary.learn(
                result.gradient, optimization, factor: settings.learningRateRatio, step: step, update: ownUpdate)
            loss = result.loss
        }
        return loss
    }

    /// Moves the target network after the student.
    func follow(_ state: inout DistillationState, _ step: Tensor) {
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
