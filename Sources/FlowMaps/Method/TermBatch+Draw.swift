import Tensors

/// Draws the rows of one term.
struct BatchSampler {
    let term: Term
    let data: TrainingData
    let bank: TeacherBank?
    let labelDropout: Double
    /// The distribution of γ; nil where the student is not conditioned on it.
    var guidanceScales: GuidanceScaleDistribution?
    var streams: TermStreams

    /// - Parameters:
    ///   - range: the term's rows in a batch of `batch`.
    ///   - student: as it is, for states that it makes; no gradient goes through them.
    ///   - progress: the share of the training that is over, a scalar in [0, 1).
    func rows(
        _ range: Range<Int>, of batch: Int, step: Tensor, progress: Tensor, student: some FlowMap
    ) -> TermBatch {
        let count = range.count, groups = count / term.target.group
        precondition(groups * term.target.group == count, "\(count) rows make no groups of \(term.target.group)")
        var (t, s) = term.times.draw(groups, key: streams.times, step: step, progress: progress)
        if term.states == .prior { t = .ones(t.shape) }
        var r = s
        if let neighbour = term.target.neighbour { (t, r) = neighbour.times(t, above: s, progress: progress) }
        if let derivative = term.target.derivative { (s, r) = derivative.times(from: t, to: s) }
        let shape: Shape = [count, data.dimension]
        let drawnScales = guidanceScales.map { guidanceScales in
            streams.rows(range, of: batch, "scales") { guidanceScales.draw($0, key: $1, step: step) }
        }
        var noise = streams.rows(range, of: batch, "noise") { .normal([$0, data.dimension], key: $1, step: step) }
        var (sample, condition) = (nil as Tensor?, labels(range, batch, step))
        switch term.states {
        case .prior, .teacherPath, .studentPath: break
        case .data(let augmentation):
            let drawn = drawnData(count, condition, step)
            condition = drawn.condition
            sample = augmentation(drawn.samples, of: data, key: streams["augmentation"], step: step)
        case .teacherSamples(_, _, let coupling):
            guard let bank else { preconditionFailure("samples of the teacher are drawn before the training") }
            let drawn = bank.draw(count, key: streams["bank"], step: step)
            (sample, condition) = (drawn.samples, drawn.condition)
            if coupling == .paired { noise = drawn.noise }
        case .studentSamples:
            condition.guidance = drawnScales
            let prior = Tensor.normal(shape, key: streams["prior"], step: step)
            sample = stopGradient(student.sample(prior, given: condition))
        }
        condition.guidance = drawnScales
        let given = withheld(condition, step)
        // The map goes up as well as down, where one inner point is to lead to both ends.
        if case .secant(_, .end) = term.target {
            let half = count / 2
            let (low, high) = (s, t)
            t = .concatenate([high.slice(0..<half), low.slice(half..<count)])
            s = .concatenate([low.slice(0..<half), high.slice(half..<count)])
        }
        return TermBatch(
            t: repeated(t), s: repeated(s), r: repeated(r), sample: sample, noise: noise, condition: given,
            classless: given.labels.map {
                Condition(labels: Tensor(Double(data.classes)).broadcast(to: $0.shape), guidance: given.guidance)
            },
            fraction: .uniform([count, 1], key: streams["fraction"], step: step),
            level: (term.target.levels ?? .point(at: 1)).draw(count, key: streams.levels(), step: step),
            renoise: .normal(shape, key: streams.renoise(), step: step), progress: progress)
    }

    /// The times of groups, [groups, 1], for each of their rows.
    private func repeated(_ times: Tensor) -> Tensor {
        let group = term.target.group
        guard group > 1 else { return times }
        let groups = times.shape[0]
        return times.reshaped(to: [groups, 1, 1]).broadcast(to: [groups, group, 1]).reshaped(to: [groups * group, 1])
    }

    /// Classes at random, the same for all rows of a group.
    private func labels(_ range: Range<Int>, _ batch: Int, _ step: Tensor) -> Condition {
        guard data.classes > 0 else { return .none }
        func draw(_ count: Int, _ key: RandomKey) -> Tensor {
            .integers(below: data.classes, [count, 1], key: key, step: step)
        }
        let groups = range.count / term.target.group
        // Groups of rows are of one class each, which no other term knows of.
        let drawn =
            groups == range.count
            ? streams.rows(range, of: batch, "labels", draw) : repeated(draw(groups, streams["labels"]))
        return Condition(labels: drawn.reshaped(to: [range.count]))
    }

    /// Samples of the data set; those of a group are of one class, as their distribution is compared.
    private func drawnData(
        _ count: Int, _ condition: Condition, _ step: Tensor
    ) -> (samples: Tensor, condition: Condition) {
        let key = streams["data"]
        guard term.target.group > 1, let labels = condition.labels else {
            return data.draw(count, key: key, step: step)
        }
        return (data.draw(labels, key: key, step: step), condition)
    }

    private func withheld(_ condition: Condition, _ step: Tensor) -> Condition {
        guard let labels = condition.labels, labelDropout > 0 else { return condition }
        let chance = Tensor.uniform(labels.shape, key: streams["dropout"], step: step)
        return Condition(
            labels: select(greater(Tensor(labelDropout), chance), Tensor(Double(data.classes)), labels),
            guidance: condition.guidance)
    }
}

extension TrainingData {
    /// One sample of each given class, [count] → [count, d], drawn with replacement at a step.
    func draw(_ labels: Tensor, key: RandomKey, step: Tensor) -> Tensor {
        guard let known = self.labels?.knownValues?.map({ Int($0) }) else {
            preconditionFailure("data without known classes")
        }
        let places = (0..<classes).map { label in known.indices.filter { known[$0] == label } }
        precondition(places.allSatisfy { !$0.isEmpty }, "every class has a sample")
        let starts = places.indices.map { index in places[..<index].reduce(0) { $0 + $1.count } }
        func ofClass(_ values: [Int]) -> Tensor {
            Tensor(values.map(Float.init), shape: [classes, 1]).gather(labels)
        }
        let count = labels.shape[0]
        let chance = Tensor.uniform([count, 1], key: key.folding("rows"), step: step)
        let place = ofClass(starts) + floor(chance * ofClass(places.map(\.count)))
        let order = Tensor(places.flatMap { $0 }.map(Float.init), shape: [samples.shape[0], 1])
        return samples.gather(order.gather(place.reshaped(to: [count])).reshaped(to: [count]))
    }
}
