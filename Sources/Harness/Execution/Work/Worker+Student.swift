import Tensors
import FlowMaps
import Foundation
import Results
import Study

extension Worker {
    /// Trains a student, and writes its weights at the steps that evaluations measure. A training whose numbers are
    /// not finite any more ends there, and writes its results until then.
    func train(_ stage: StudentStage, to path: String, _ attempt: Attempt) throws -> StageResult {
        let training = stage.training, steps = training.student.optimization.steps
        if let file = training.source.checkpoint { return try leave(file.load(), of: stage, at: path, attempt) }
        let data = try trainingData(training.seenData, isRead: !training.student.method.isDataFree)
        let trainer = try trainer(of: training, on: data)
        var course = attempt.resume(trainer) ?? .init(training: Curves(names: trainer.metrics))
        var outcome = Record.Outcome.done
        do {
            for step in stage.keptSteps.dropFirst(course.averages.count) {
                try advance(trainer, to: step, of: steps, &course, attempt)
                course.averages.append(trainer.state.student.storedNumbers)
            }
        } catch let diverged as Diverged {
            outcome = .diverged(step: diverged.step, cause: diverged.description)
        }
        let isDone = outcome == .done
        let trained = TrainedStudent(
            outcome: outcome, training: course.training,
            snapshots: Array(zip(stage.keptSteps, course.averages)),
            auxiliary: isDone ? try auxiliaryNumbers(trainer.state) : nil, spent: attempt.spent,
            madeOn: backend.summary(of: training.student.optimization.execution))
        try CachedFile.write(.training(stage), to: path, cost: trained.spent.cost, sealing: attempt.seal) { root in
            try trained.write(to: root)
        }
        return .done
    }

    /// Writes the student of a file as a training of no steps would.
    private func leave(
        _ student: Network, of stage: StudentStage, at path: String, _ attempt: Attempt
    ) throws -> StageResult {
        let trained = TrainedStudent(
            outcome: .done, training: Curves(names: []), snapshots: [(0, student.knownValues.flatMap { $0 })],
            auxiliary: nil, spent: attempt.spent, madeOn: nil)
        try CachedFile.write(.training(stage), to: path, cost: trained.spent.cost, sealing: attempt.seal) { root in
            try trained.write(to: root)
        }
        return .done
    }

    /// The numbers of the auxiliary network's average, one parameter after the other; adapters are multiplied out.
    private func auxiliaryNumbers(_ state: DistillationState) throws -> [Float]? {
        try (state.auxiliary?.average.network.materialized(on: backend)).map { $0.knownValues.flatMap { $0 } }
    }

    private func trainer(of training: TrainingStage, on data: TrainingData) throws -> Trainer<DistillationState> {
        try training.student.trainer(
            teacher: try teacher(training.teacherStage, for: data, seed: training.seed),
            exact: training.teacherStage.distribution,
            weakTeacher: try training.weakTeacherStage.map { try teacher($0, for: data) },
            untrained: training.teacher.network, data: data, key: training.key, on: backend)
    }

    private func advance(
        _ trainer: Trainer<DistillationState>, to step: Int, of steps: Int, _ course: inout TrainingCheckpoint.Course,
        _ attempt: Attempt
    ) throws {
        let every = max(1, steps / Record.trainingPoints)
        // The checkpoints on the way read what the observer has added by then.
        var current = course
        defer { course = current }
        try attempt.advance(trainer, to: step, of: steps, observingEvery: every, course: { current }) { step in
            if step % every == 0 || step == steps {
                current.training.append(step: step, trainer.measured.map(Double.init))
            }
        }
    }

    /// Reads a finished training.
    /// - Throws: `RecordError` where it is not what was sealed.
    func trained(_ stage: StudentStage) throws -> TrainedStudent {
        try product(.training(stage)) { try TrainedStudent.outline($0) }
    }

    /// The networks that a training's weights are read into.
    func networks(of training: TrainingStage, teacher: Network, on data: TrainingData) -> (
        student: Network, auxiliary: Network?
    ) {
        if let file = training.source.checkpoint { return (file.emptyNetwork(for: training.data), nil) }
        return training.student.networks(
            teacher: teacher, untrained: training.teacher.network, data: data, key: training.key)
    }
}

extension TrainingStage {
    /// The key of everything random in the training.
    var key: RandomKey { RandomKey(seed: UInt64(seed)).folding("student") }
}
