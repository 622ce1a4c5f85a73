import Tensors
import FlowMaps
import Foundation
import Results
import Storage
import Study

/// Executes one stage in this process: reads its inputs from the folder of results and writes its product there.
public struct Worker: Sendable {
    /// The folder of results.
    public let results: ResultsFolder
    /// The settings of the execution, which do not change results.
    public let workerOptions: WorkerOptions
    /// The backend on which trainings and samples are computed.
    let backend: any Backend
    let stop: StopRequest
    let report: @Sendable (Notice) -> Void

    /// The progress of a stage.
    public struct Progress: Codable, Hashable, Sendable {
        public let step, steps: Int
        /// A short status: "loss 0.12".
        public let detail: String
    }

    /// A message of a worker on its way.
    public enum Notice: Codable, Hashable, Sendable {
        /// The steps of a training, a few times a second.
        case progress(Progress)
        /// It resumes from a checkpoint of an earlier process.
        case resumed(step: Int, steps: Int)
        /// A file was moved aside: a whole one of another specification or version, or a damaged one.
        case setAside(path: String, as: String, isWhole: Bool)
        /// Another process is executing the same stage, as the text says.
        case waiting(String)
        /// The profile of a training's step, before the training begins.
        case profiled(TrainingProfile)
    }

    /// - Parameters:
    ///   - backend: the backend on which trainings and samples are computed.
    ///   - stop: checked after each step of a training.
    ///   - report: called with each message, on the working thread.
    public init(
        results: ResultsFolder, on backend: any Backend, workerOptions: WorkerOptions = WorkerOptions(),
        stop: StopRequest = StopRequest(), report: @escaping @Sendable (Notice) -> Void = { _ in }
    ) {
        (self.results, self.backend) = (results, backend)
        (self.workerOptions, self.stop, self.report) = (workerOptions, stop, report)
    }

    /// Executes the stage, unless it turns out to be done; waits while another process is executing it.
    public func carryOut(_ stage: Stage) -> StageResult {
        do {
            try checkFolder()
            var hasWaited = false
            let lock = try StageLock.acquire(results.lock(stage)) { owner in
                hasWaited = true
                try wait(for: owner)
            }
            let status = results.status(stage)
            if status == .done { return .done }
            // What has just failed elsewhere would fail again.
            if hasWaited, case .failed(let cause) = status { return .failed(cause) }
            if let stageResult = try takeOver(stage, from: lock.owner) { return stageResult }
            let attempt = try Attempt(stage, by: self, holding: lock)
            return try carryOut(stage, attempt)
        } catch {
            return stageResult(with: error)
        }
    }

    private func carryOut(_ stage: Stage, _ attempt: Attempt) throws -> StageResult {
        let path = results.product(stage)
        do {
            let stageResult: StageResult
            switch stage {
            case .teacher(let teacher): stageResult = try train(teacher, to: path, attempt)
            case .classifier(let classifier): stageResult = try train(classifier, to: path, attempt)
            case .reference(let reference): stageResult = try sample(reference, to: path, attempt)
            case .training(let student): stageResult = try train(student, to: path, attempt)
            case .run(let run): stageResult = try evaluate(run, to: path, attempt)
            }
            try attempt.finish()
            return stageResult
        } catch {
            var stageResult = stageResult(with: error)
            // A run that diverges leaves a record; for what runs are made from, the journal has to do.
            if error is NotFinite || error is Diverged, stage.isShared { stageResult = .diverged("\(error)") }
            if let cause = stageResult.failure { try attempt.fail(cause) }
            return stageResult
        }
    }

    private func stageResult(with error: any Error) -> StageResult {
        switch error {
        case is Stopped: .stopped
        // A fault of the disk or of its files is not the stage's own failure.
        case is FileError, is HDF5Error, is RecordError, is PNGError, is PlugInObstacle: .obstructed("\(error)")
        default: .failed("\(error)")
        }
    }

    /// - Throws: `FileError` where the folder of results is no longer the one that the work was begun in.
    func checkFolder() throws { try workerOptions.folder?.check(at: results.path) }

    private func wait(for owner: StageLock.Owner?) throws {
        if stop.isRequested { throw Stopped() }
        report(.waiting(owner.map { "process \($0.process) on \($0.host)" } ?? "another process"))
    }

    /// Copies the record of the last owner, who executed the same stage under another name.
    private func takeOver(_ stage: Stage, from owner: StageLock.Owner?) throws -> StageResult? {
        guard case .run(let run) = stage, let owner, owner.product != results.product(stage),
            results.isSealed(owner.product, as: stage.identity)
        else { return nil }
        let record = try ResultsFolder.verifiedRecord(owner.product)
        guard record.run.specification == run.run.specification else { return nil }
        try results.adopt(
            record.relabelled(run.run), ResultsFolder.models(beside: owner.product), report: report)
        if case .diverged(_, let cause) = record.outcome { return .diverged(cause) }
        return .done
    }
}
