import Engine
import FlowMaps
import Foundation

extension Worker {
    /// Distils a student and leaves its record and its grid.
    func distil(_ work: RunWork, to path: String) throws -> Ending {
        let started = Date(), specification = work.run.specification
        let data = TrainingData(try specification.data.load())
        let reference = try reference(work.reference)
        let noise = EvaluationNoise(
            "evaluation", count: specification.evaluation.samples, data: data, seed: specification.sharedSeed)
        let judge = Judge(
            work.reference, reference: reference.reference, teacher: reference.teacher, noise: noise,
            classifier: try work.reference.classifier.map { try classifier($0, for: data) }, data: data)
        let trainer = specification.student.trainer(
            teacher: try teacher(work.teacher, for: data),
            weakTeacher: try work.weakTeacher.map { try teacher($0, for: data) }, data: data,
            key: RandomKey(seed: UInt64(specification.seed)).folding("student"))
        let discrepancy = judge.discrepancy(of: specification, data)
        let asked = noise.condition(scale: specification.evaluation.scale)
        var course = Course(trainer: trainer, steps: specification.student.optimization.steps)
        var outcome = Record.Outcome.done
        do {
            for step in specification.evaluation.measuredSteps(of: course.steps) {
                try course.advance(self, to: step)
                let student = LearnedFlowMap(trainer.state.student.average)
                course.samples = Tensor.computed([student.sample(noise.noise, given: asked)])[0]
                course.measure(step, judge(course.samples).appending(discrepancy))
            }
        } catch let diverged as Diverged {
            outcome = .diverged(step: diverged.step, cause: diverged.description)
        }
        let drift =
            outcome == .done
            ? drift(of: LearnedFlowMap(trainer.state.student.average), from: reference, noise.noise, given: asked) : nil
        let record = Record(
            run: work.run, identity: work.identity, outcome: outcome, training: course.training,
            evaluation: course.evaluation, reference: reference.scores,
            features: try featureSource(of: work.reference), drift: drift,
            samples: course.kept(specification.evaluation.kept, reference.teacher, noise.labels, data.dimension),
            provenance: provenance(started, training: course.seconds))
        try record.drawGrid(to: "\(results.point(work.run))/grid.png")
        if outcome == .done {
            try leaveCheckpoints(trainer.state, of: work, data: data, range: specification.data.valueRange)
        }
        try record.write(to: path)
        if case .diverged(_, let cause) = outcome { return .diverged(cause) }
        return .done
    }

    private func provenance(_ started: Date, training seconds: Double) -> Provenance {
        let usage = Provenance.usage()
        return Provenance(
            facts: Provenance.facts(started: started), trainingSeconds: seconds,
            wallSeconds: Date().timeIntervalSince(started), processorSeconds: usage.processorSeconds,
            peakMemory: usage.peakMemory)
    }
}

/// A training on its way: the trainer and what was measured so far.
private struct Course {
    let trainer: Trainer<DistillationState>
    let steps: Int
    var training: Curves
    var evaluation = Curves()
    var samples: [Float] = []
    var seconds = 0.0
    private let every: Int

    init(trainer: Trainer<DistillationState>, steps: Int) {
        (self.trainer, self.steps) = (trainer, steps)
        training = Curves(names: trainer.metrics)
        every = max(1, steps / Record.trainingPoints)
    }

    mutating func advance(_ worker: Worker, to step: Int) throws {
        let started = Date()
        defer { seconds += Date().timeIntervalSince(started) }
        var curves = training
        defer { training = curves }
        try worker.advance(trainer, to: step, of: steps) { step in
            if step % every == 0 || step == steps { curves.append(step: step, trainer.measured.map(Double.init)) }
        }
    }

    mutating func measure(_ step: Int, _ scores: Scores) {
        if evaluation.names.isEmpty { evaluation = Curves(names: scores.names) }
        evaluation.append(step: step, scores.values)
    }

    func kept(_ count: Int, _ teacher: [Float], _ labels: [Int]?, _ dimension: Int) -> KeptSamples? {
        guard count > 0, !samples.isEmpty else { return nil }
        return KeptSamples(
            student: Array(samples[..<(count * dimension)]), teacher: Array(teacher[..<(count * dimension)]),
            labels: labels.map { Array($0[..<count]) }, dimension: dimension)
    }
}
