import Foundation
import Results
import Storage
import Study

extension Runner {
    /// Leaves of each finished training the weights at its end alone, where the study asks for that and all runs that need
    /// others are evaluated. What another process is at work on stays as it is.
    func trimWeights(of plan: Plan) {
        guard plan.study.keepsFinalWeights else { return }
        let runs = plan.study.runs.map { RunStage(run: $0) }
        var open: Set<StudentStage> = [], trainings: [StudentStage] = []
        for run in runs {
            let student = run.student.forAll(of: runs)
            if !trainings.contains(student) { trainings.append(student) }
            if !plan.results.isDone(.run(run)) { open.insert(student) }
        }
        for training in trainings where !open.contains(training) {
            // A training that cannot be trimmed is whole, and stays.
            try? plan.results.trim(training)
        }
    }
}

extension StudentStage {
    /// The training as the runs that share it name it: one value for all.
    fileprivate func forAll(of runs: [RunStage]) -> StudentStage {
        runs.map(\.student).first { $0.training == training } ?? self
    }
}

extension ResultsFolder {
    /// Rewrites the product of a training with the weights at its end alone, sealed anew.
    /// - Throws: `FileError`, `RecordError`, and `Stopped` where another process holds the training's lock.
    func trim(_ training: StudentStage) throws {
        let stage = Stage.training(training), path = product(stage)
        guard FileKind(path) == .file else { return }
        let lock = try StageLock.acquire(lock(stage)) { _ in throw Stopped() }
        try withExtendedLifetime(lock) {
            guard isDone(stage) else { return }
            guard let trimmed = try CachedFile.read(stage, from: path, TrainedStudent.final) else { return }
            let journal = try JournalWriter(journal(stage), of: stage.identity) { _, _ in }
            try CachedFile.write(
                stage, to: path, cost: trimmed.spent.cost, sealing: { try journal.seal($0) }
            ) { try trimmed.write(to: $0) }
        }
    }
}
