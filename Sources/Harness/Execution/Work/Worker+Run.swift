import Tensors
import FlowMaps
import Foundation
import Results
import Study

extension Worker {
    /// Distils a student and leaves its record and its grid.
    func distil(_ work: RunWork, to path: String, _ attempt: Attempt) throws -> Ending {
        let specification = work.run.specification
        let data = TrainingData(try specification.data.load())
        let reference = try reference(work.reference)
        let noise = EvaluationNoise(
            "evaluation", count: specification.evaluation.samples, data: data, seed: specification.sharedSeed)
        let classifier = try work.reference.classifier.map { try self.classifier($0, for: data) }
        // Samplers and the classifier are compiled once, and not at each measurement.
        let cache = ProgramCache(backend)
        let judge = try Judge(
            work.reference, reference: reference.reference, teacher: reference.teacher, noise: noise,
            classifier: classifier, data: data, on: cache)
        let search = try StudentSearch(
            specification, reference, classifier, noise, dimension: data.dimension, on: cache)
        let teacher = try self.teacher(work.teacher, for: data, seed: specification.seed)
        let weakTeacher = try work.weakTeacher.map { try self.teacher($0, for: data) }
        let trainer = try specification.student.trainer(
            teacher: teacher, exact: work.teacher.law, weakTeacher: weakTeacher,
            untrained: specification.teacher.network, data: data,
            key: RandomKey(seed: UInt64(specification.seed)).folding("student"), on: backend)
        let discrepancy = try judge.discrepancy(of: specification, data)
        let asked = noise.condition(scale: specification.evaluation.scale)
        var course = Course(trainer: trainer, attempt: attempt, specification: specification, dimension: data.dimension)
        var outcome = Record.Outcome.done
        var student: LearnedFlowMap { specification.student.map(trainer.state.student.average) }
        do {
            for step in course.toMeasure {
                try course.advance(to: step)
                try attempt.tell(step, of: specification.student.optimization.steps, "measuring")
                var judged: [(samples: [Float], scores: Scores)] = []
                for steps in specification.mapSteps {
                    let drawn = specification.student.sampling(
                        student, noise: noise.noise, given: asked, steps: steps, key: noise.key)
                    let samples = try Tensor.materialized([drawn], on: cache)[0]
                    let scores = try judge(samples).named(steps: steps)
                    let further = discrepancy.appending(try search?.transfer(samples) ?? Scores([]))
                    judged.append((course.kept(samples), steps == 1 ? scores.appending(further) : scores))
                }
                try course.measure(step, judged)
            }
        } catch let diverged as Diverged {
            outcome = .diverged(step: diverged.step, cause: diverged.description)
        }
        let drift =
            outcome == .done
            ? try drift(of: student, from: reference, noise.noise, given: asked) : nil
        let found =
            outcome == .done
            ? try search?.curves(
                teacher: TeacherVelocity(teacher, exact: work.teacher.law, weak: weakTeacher),
                student: student, judge, data) : nil
        let trajectories =
            outcome == .done
            ? try trajectories(
                specification.evaluation.trajectories, of: student, along: reference.path, noise.noise, given: asked)
            : nil
        let record = Record(
            run: work.run, identity: work.identity, outcome: outcome, training: course.measured.training,
            evaluation: course.measured.evaluation, reference: reference.scores,
            features: try featureSource(of: work.reference), drift: drift, search: found,
            samples: course.kept(in: specification.mapSteps, beside: reference.teacher, noise.labels),
            provenance: provenance(attempt.spent, specification.student.optimization.execution),
            overTraining: course.keptOverTraining, trajectories: trajectories)
        try record.drawGrid(to: "\(results.point(work.run))/grid.png")
        if outcome == .done {
            try leaveCheckpoints(trainer.state, of: work, data: data, range: specification.data.valueRange)
        }
        try record.write(to: path, sealing: attempt.seal)
        if case .diverged(_, let cause) = outcome { return .diverged(cause) }
        return .done
    }

    private func provenance(_ spent: TrainingCheckpoint.Spent, _ execution: Execution) -> Provenance {
        Provenance(
            facts: Provenance.facts(
                started: spent.started, interruptions: spent.interruptions, execution: execution, on: backend),
            trainingSeconds: spent.trainingSeconds, wallSeconds: spent.wallSeconds,
            processorSeconds: spent.processorSeconds, peakMemory: spent.peakMemory)
    }
}

/// A student's training on its way: the trainer and what was measured so far.
private struct Course {
    private(set) var measured: TrainingCheckpoint.Course
    private let trainer: Trainer<DistillationState>
    private let attempt: Attempt
    private let evaluation: Evaluation
    private let steps, dimension, every: Int

    /// Goes on from the attempt's checkpoint, if it has one.
    init(
        trainer: Trainer<DistillationState>, attempt: Attempt, specification: RunSpecification, dimension: Int
    ) {
        (self.trainer, self.attempt, self.dimension) = (trainer, attempt, dimension)
        (evaluation, steps) = (specification.evaluation, specification.student.optimization.steps)
        every = max(1, steps / Record.trainingPoints)
        measured = attempt.resume(trainer) ?? .init(training: Curves(names: trainer.metrics))
    }

    /// The steps at which it is still to be measured.
    var toMeasure: [Int] {
        evaluation.measuredSteps(of: steps).filter { !measured.evaluation.steps.contains($0) }
    }

    mutating func advance(to step: Int) throws {
        var current = measured
        defer { measured = current }
        try attempt.advance(trainer, to: step, of: steps, observingEvery: every, course: { current }) { step in
            if step % every == 0 || step == steps {
                current.training.append(step: step, trainer.measured.map(Double.init))
            }
        }
    }

    /// As many of the samples as a record keeps.
    func kept(_ samples: [Float]) -> [Float] { Array(samples.prefix(evaluation.kept * dimension)) }

    /// - Parameter judged: what is kept of the samples, and their scores, for each number of steps.
    mutating func measure(_ step: Int, _ judged: [(samples: [Float], scores: Scores)]) throws {
        let scores = judged.dropFirst().reduce(judged[0].scores) { $0.appending($1.scores) }
        if measured.evaluation.names.isEmpty { measured.evaluation = Curves(names: scores.names) }
        measured.evaluation.append(step: step, scores.values)
        measured.samples = judged.flatMap(\.samples)
        if let count = evaluation.keptOverTraining {
            measured.overTraining.append(Array(judged[0].samples.prefix(count * dimension)))
        }
        try attempt.checkLimits()
        // After the last one the record is written anyway.
        if step < steps { try attempt.saveIfDue(trainer) { measured } }
    }

    /// The first samples of each evaluation, where they are asked for.
    var keptOverTraining: SamplesOverTraining? {
        guard !measured.overTraining.isEmpty else { return nil }
        return SamplesOverTraining(
            steps: measured.evaluation.steps, values: measured.overTraining, dimension: dimension)
    }

    /// The samples of the last evaluation, beside the teacher's.
    func kept(in steps: [Int], beside teacher: [Float], _ labels: [Int]?) -> KeptSamples? {
        guard evaluation.kept > 0, !measured.samples.isEmpty else { return nil }
        let size = evaluation.kept * dimension
        func samples(_ index: Int) -> [Float] { Array(measured.samples[index * size..<(index + 1) * size]) }
        return KeptSamples(
            student: samples(0), teacher: Array(teacher[..<size]), labels: labels.map { Array($0[..<evaluation.kept]) },
            dimension: dimension,
            inSteps: steps.indices.dropFirst().map { .init(steps: steps[$0], values: samples($0)) })
    }
}
