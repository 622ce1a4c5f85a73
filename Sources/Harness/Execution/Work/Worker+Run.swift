import Tensors
import FlowMaps
import Foundation
import Results
import Study

extension Worker {
    /// Evaluates a trained student, and leaves the run's record, its grid and its models.
    func evaluate(_ stage: RunStage, to path: String, _ attempt: Attempt) throws -> StageResult {
        let specification = stage.run.specification
        let trained = try trained(stage.student)
        attempt.include(trained.spent)
        let data = try trainingData(
            specification.data,
            isRead: specification.evaluation.comparesWithData || stage.training.seesItsTeachersData)
        let host = try PlugInHost(.run(stage), of: specification.data, by: self) { try attempt.reportProgram($0) }
        defer { host.close() }
        let subject = try EvaluationSubject(stage, data: data, worker: self, host: host) { try attempt.report($0) }
        var course = EvaluationCourse(attempt: attempt, specification: specification, dimension: data.dimension)
        for step in course.toMeasure where trained.snapshots.contains(where: { $0.step == step }) {
            try attempt.reportProgress(
                course.measured.evaluation.steps.count, of: stage.student.snapshots.count, "step \(step)")
            do {
                try course.measure(step, try subject.measured(at: step).map { (course.saved($0.samples), $0.scores) })
            } catch is Stopped {
                try course.saveBeforeStop()
                throw Stopped()
            }
        }
        let curves = trained.outcome == .done ? try subject.curves() : .init()
        let record = Record(
            run: stage.run, identity: stage.identity, outcome: trained.outcome, training: trained.training,
            evaluation: course.measured.evaluation, reference: subject.reference.scores,
            features: try featureSource(of: stage.reference), drift: curves.drift, search: curves.search,
            samples: course.saved(in: specification.mapSteps, beside: subject.reference.teacher, subject.labels),
            provenance: provenance(attempt.spent, specification.student.optimization.execution, trained.madeOn),
            overTraining: course.sampleSnapshots, trajectories: curves.trajectories)
        let grid = "\(results.point(stage.run))/grid.png"
        try record.drawGrid(to: grid)
        if trained.outcome == .done {
            try leaveCheckpoints(
                try subject.student(at: nil), try subject.auxiliary(), of: stage, data: data,
                range: specification.data.valueRange)
        }
        // What was damaged while it was evaluated was perhaps read so.
        try check(.training(stage.student))
        // One wait for all files of the run; the folder has them in it when the record's name is.
        try record.write(
            to: path, with: RunModels.paths(beside: path) + [grid, attempt.journalPath],
            sealing: attempt.sealWithProduct)
        if case .diverged(_, let cause) = trained.outcome { return .diverged(cause) }
        return .done
    }

    /// - Parameter madeOn: what computed the training, which a record says where it was not what computes the evaluation.
    private func provenance(
        _ spent: TrainingCheckpoint.Spent, _ execution: Execution, _ madeOn: String?
    ) -> Provenance {
        let single = Execution(precision: execution.precision, threads: execution.threads)
        var facts = Provenance.facts(
            started: spent.started, interruptions: spent.interruptions, execution: single, on: backend,
            hidesHost: workerOptions.hidesHost)
        if let madeOn, madeOn != backend.summary(of: single) {
            facts = (facts + [Provenance.Fact(name: "trainedOn", value: madeOn)]).sorted { $0.name < $1.name }
        }
        return Provenance(
            facts: facts, trainingSeconds: spent.trainingSeconds, wallSeconds: spent.wallSeconds,
            processorSeconds: spent.processorSeconds, peakMemory: spent.peakMemory)
    }
}
