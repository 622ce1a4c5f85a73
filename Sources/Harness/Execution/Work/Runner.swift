import FlowMaps
import Foundation
import Results
import Specification
import Storage
import Study

/// Executes a plan: shared stages first, several at a time, the longest first; a failure affects only the stages that
/// depend on it.
public struct Runner: Sendable {
    /// An event of a running plan.
    public enum Event: Sendable {
        case began(Stage)
        case noticed(Stage, Worker.Notice)
        case ended(Stage, StageResult)
    }

    /// The treatment of stages that failed in an earlier run.
    public enum FormerFailures: Hashable, Sendable { case left, triedAgain }

    private let plan: Plan
    private let launcher: any Launcher
    private let jobs: Int
    private let formerFailures: FormerFailures
    private let stop: StopRequest
    private let observe: @Sendable (Event) -> Void

    /// - Parameters:
    ///   - jobs: the number of stages at a time, at least 1.
    ///   - stop: when requested, no further stage is begun; the launcher stops those that run.
    ///   - observe: called with every event, from several threads.
    public init(
        _ plan: Plan, launcher: any Launcher, jobs: Int, formerFailures: FormerFailures = .left,
        stop: StopRequest = StopRequest(), observe: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        precondition(jobs >= 1, "work needs at least one job, not \(jobs)")
        (self.plan, self.launcher, self.jobs) = (plan, launcher, jobs)
        (self.formerFailures, self.stop, self.observe) = (formerFailures, stop, observe)
    }

    /// - Returns: the result of each stage that was not done before, in the order of completion; stages that were not
    ///   begun are left out.
    /// - Throws: `FileError` where the study's folder cannot be written.
    public func run() async throws -> [(stage: Stage, stageResult: StageResult)] {
        try prepare()
        var queue = StageQueue(plan, formerFailures)
        var endings: [(Stage, StageResult)] = []
        for (stage, stageResult) in queue.endedBefore {
            observe(.ended(stage, stageResult))
            endings.append((stage, stageResult))
        }
        await withTaskGroup(of: (Stage, Identity, StageResult).self) { group in
            var running = 0
            func start() {
                while running < jobs, !stop.isRequested, let (stage, identity, verdict) = queue.next(in: plan.results) {
                    running += 1
                    group.addTask {
                        if let verdict { return (stage, identity, plan.results.recorded(verdict, of: stage)) }
                        observe(.began(stage))
                        return (stage, identity, await launch(stage))
                    }
                }
            }
            start()
            for await (stage, identity, stageResult) in group {
                running -= 1
                queue.settle(stage, identity, stageResult)
                observe(.ended(stage, stageResult))
                endings.append((stage, stageResult))
                start()
            }
        }
        if !stop.isRequested { trimWeights(of: plan) }
        return endings
    }

    private func launch(_ stage: Stage) async -> StageResult {
        let stageResult = await launcher.launch(stage, in: plan.results) { observe(.noticed(stage, $0)) }
        // A worker that was killed could not note it itself.
        guard case .failed(let cause) = stageResult else { return stageResult }
        return plan.results.recordFailure(of: stage, cause)
    }

    /// Prepares the study's folder: writes the study as it was written, its manifest, and the records that lie under
    /// other names. `run` does this itself.
    /// - Throws: `FileError` where the folder cannot be written.
    public func prepare() throws {
        let folder = plan.results.study(plan.study.name)
        try ResultsFolder.create(folder)
        try AtomicFile.write(Array(plan.study.text.utf8), to: "\(folder)/study.yaml")
        try AtomicFile.write(
            Array((plan.study.origin.heading + plan.study.resolved).utf8), to: "\(folder)/resolved.yaml")
        try StudyManifest(plan.study, identities: plan.identities, stages: StageList(plan).items).write(to: folder)
        plan.seals.keep()
        try takeOver()
    }

    /// Copies the records that lie under other names to where this study expects them.
    ///
    /// All are read before any is written: where two arms have exchanged names, each lies where the other is to be.
    private func takeOver() throws {
        let records = try plan.items.compactMap { item -> (Record, models: [(name: String, content: Data)])? in
            guard case .elsewhere(let path) = item.status, case .run(let stage) = item.stage else { return nil }
            return (try ResultsFolder.verifiedRecord(path).relabelled(stage.run), ResultsFolder.models(beside: path))
        }
        for (record, models) in records {
            let stage = Stage.run(RunStage(run: record.run))
            let lock = try StageLock.acquire(plan.results.lock(stage)) { _ in }
            try withExtendedLifetime(lock) { try plan.results.adopt(record, models) { observe(.noticed(stage, $0)) } }
        }
    }
}

extension ResultsFolder {
    /// Writes a record that was made under another name, sealed; only the holder of the stage's lock may call it.
    /// - Parameter models: the checkpoints that lie beside the record.
    func adopt(
        _ record: Record, _ models: [(name: String, content: Data)], report: (Worker.Notice) -> Void
    ) throws {
        let path = self.record(record.run)
        let isWhole = Self.isWhole(path)
        func gaveWay(_ path: String, _ aside: String) {
            report(.setAside(path: path, as: aside, isWhole: isWhole))
        }
        try Self.create(point(record.run))
        if let aside = try Self.setAside(path) { gaveWay(path, aside) }
        let journal = try JournalWriter(Self.journal(ofProduct: path), of: record.identity, setAside: gaveWay)
        try record.drawGrid(to: "\(point(record.run))/grid.png")
        for (name, content) in models {
            let path = "\(point(record.run))/\(name)"
            if let aside = try Self.setAside(path) { gaveWay(path, aside) }
            try AtomicFile.write(content, to: path, isDurable: false)
        }
        var hash: Identity?
        try record.write(
            to: path, with: RunModels.paths(beside: path) + ["\(point(record.run))/grid.png", journal.path]
        ) {
            hash = $0
            try journal.seal($0, isAwaited: false)
        }
        if let hash { try journal.forgetCheckpoints(sealed: hash) }
    }

    /// Notes in the journal of a stage that it failed, unless that is there already or another process has taken
    /// over. A worker that was killed when its product was there has not failed.
    /// - Returns: what the stage has come to.
    @discardableResult
    func recordFailure(of stage: Stage, _ cause: String) -> StageResult {
        // A worker that dies with its server holds the lock for some moments longer, at most a few of these attempts,
        // 50 ms apart.
        var attempts = 0
        func giveUp(_: StageLock.Owner?) throws {
            attempts += 1
            if attempts == 20 { throw Stopped() }
        }
        guard status(stage) != .failed(cause), let lock = try? StageLock.acquire(lock(stage), waiting: giveUp) else {
            return .failed(cause)
        }
        return withExtendedLifetime(lock) {
            if status(stage) == .done { return finished(stage) }
            let journal = try? JournalWriter(journal(stage), of: stage.identity) { _, _ in }
            try? journal?.fail(cause)
            return .failed(cause)
        }
    }

    /// The result of a stage whose product is whole.
    private func finished(_ stage: Stage) -> StageResult {
        guard case .run = stage, let record = try? Self.verifiedRecord(product(stage)),
            case .diverged(_, let cause) = record.outcome
        else { return .done }
        return .diverged(cause)
    }
}

extension Record {
    /// The same record under the names of another study's run of the same specification.
    func relabelled(_ run: Run) -> Record {
        precondition(RunStage(run: run).identity == identity, "only names and places may differ")
        return Record(
            run: run, identity: identity, outcome: outcome, training: training, evaluation: evaluation,
            reference: reference, features: features, drift: drift, search: search, samples: samples,
            provenance: provenance,
            overTraining: overTraining, trajectories: trajectories)
    }
}
