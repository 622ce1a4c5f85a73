import FlowMaps
import Foundation
import Results
import Specification
import Storage
import Study

/// One process's attempt at a stage: holds its lock, resumes from the last checkpoint, writes new ones.
final class Attempt {
    /// The checkpoint of an earlier attempt; nil where there is none.
    let checkpoint: TrainingCheckpoint?
    private let worker: Worker
    private let stage: Stage
    private let lock: StageLock
    private let journal: JournalWriter
    private let begun = Date()
    private let begunAt = MonotonicTime.now
    private let processorSecondsBefore = Provenance.usage().processorSeconds
    private var owner: StageLock.Owner
    private var lastCheckpoint = MonotonicTime.now
    private var lastReport = -Double.infinity
    private var sealed: Identity?
    private var hasProfile = false
    /// The cost of earlier stages of the same run.
    private var before: TrainingCheckpoint.Spent?
    /// Seconds of training in this attempt.
    private var trainingSeconds = 0.0

    /// Seconds between two reports of a training.
    private static let reportSeconds = 0.2
    /// Seconds of training after which reports, checkpoints and requests to stop are thought of, as far as steps are so short.
    private static let chunkSeconds = 0.05

    /// Begins or resumes. A file under the product's name that was not sealed there is moved aside.
    /// - Throws: `FileError`.
    init(_ stage: Stage, by worker: Worker, holding lock: StageLock) throws {
        (self.stage, self.worker, self.lock) = (stage, worker, lock)
        let product = worker.results.product(stage)
        let isWhole = ResultsFolder.isWhole(product)
        func gaveWay(_ path: String, _ aside: String) {
            worker.report(.setAside(path: path, as: aside, isWhole: isWhole))
        }
        if let aside = try ResultsFolder.setAside(product) { gaveWay(product, aside) }
        journal = try JournalWriter(worker.results.journal(stage), of: stage.identity, setAside: gaveWay)
        checkpoint = journal.found?.checkpoint.flatMap { try? TrainingCheckpoint(encoded: $0) }
        try Self.check(checkpoint?.device, of: stage, on: worker)
        owner = StageLock.Owner(
            process: getpid(), host: ProcessInfo.processInfo.hostName, product: product, began: begun,
            first: checkpoint?.trainer.step ?? 0, step: checkpoint?.trainer.step ?? 0, steps: stage.steps, detail: "",
            lastReport: begun)
        lock.publish(owner)
        try journal.attempt("\(begun.formatted(.iso8601)), process \(owner.process) on \(owner.host)")
        if let checkpoint { worker.report(.resumed(step: checkpoint.trainer.step, steps: stage.steps)) }
    }

    /// Refuses to go on on another kind of device than a stage was begun on: the result would be of neither.
    /// - Throws: `FileError`, as the stage itself has not failed.
    private static func check(_ device: String?, of stage: Stage, on worker: Worker) throws {
        let own = worker.backend.kind
        guard let device, device != own else { return }
        throw FileError(
            path: worker.results.journal(stage), attempt: "go on on \(own)",
            reason: "it was begun on \(device); --device goes on there, and without this file it begins anew")
    }

    /// Counts the cost of an earlier stage of the same run as part of this one's, for the record and for the run's limits.
    func include(_ earlier: TrainingCheckpoint.Spent) { before = earlier }

    /// The cost so far, of all attempts and of the stages before that are counted with it.
    var spent: TrainingCheckpoint.Spent {
        var spent = ownSpent
        guard let before else { return spent }
        spent.started = before.started
        spent.trainingSeconds += before.trainingSeconds
        spent.wallSeconds += before.wallSeconds
        spent.processorSeconds += before.processorSeconds
        spent.peakMemory = max(spent.peakMemory, before.peakMemory)
        spent.interruptions += before.interruptions
        return spent
    }

    /// The cost of this stage so far, by all attempts at it.
    private var ownSpent: TrainingCheckpoint.Spent {
        let usage = Provenance.usage()
        var spent = checkpoint?.spent ?? TrainingCheckpoint.Spent(started: begun)
        spent.trainingSeconds += trainingSeconds
        spent.wallSeconds += MonotonicTime.now - begunAt
        spent.processorSeconds += usage.processorSeconds - processorSecondsBefore
        spent.peakMemory = max(spent.peakMemory, usage.peakMemory)
        if checkpoint != nil { spent.interruptions += 1 }
        return spent
    }

    /// Puts a trainer at its first step where the checkpoint is, if there is one that fits.
    /// - Returns: the measurements until then.
    func resume<State>(_ trainer: Trainer<State>) -> TrainingCheckpoint.Course? {
        guard let checkpoint else { return nil }
        let stored = checkpoint.trainer
        let snapshot = Trainer<State>.Snapshot(step: stored.step, tensors: stored.tensors, measured: stored.measured)
        guard trainer.fits(snapshot) else { return nil }
        trainer.restore(snapshot)
        return checkpoint.course
    }

    /// Advances a trainer, reporting its progress a few times a second, with checkpoints.
    /// - Parameters:
    ///   - every: the steps between two at which there is something to observe.
    ///   - course: called at each checkpoint for the measurements until then.
    ///   - observe: called after steps in between too, at least after each multiple of `every` and the last.
    /// - Throws: `Diverged`, `Stopped`, `LimitExceeded`, `FileError`.
    func advance<State>(
        _ trainer: Trainer<State>, to step: Int, of steps: Int, observingEvery every: Int = .max,
        course: () -> TrainingCheckpoint.Course = { .init() }, observing observe: (Int) -> Void = { _ in }
    ) throws {
        try profileOnce(trainer)
        let start = MonotonicTime.now, before = trainingSeconds
        defer { trainingSeconds = before + MonotonicTime.now - start }
        var pace = Pace(seconds: min(Self.chunkSeconds, worker.workerOptions.checkpointSeconds), from: trainer.step)
        try trainer.advance(to: step) { step in
            observe(step)
            let now = MonotonicTime.now
            pace.note(step, at: now)
            trainingSeconds = before + now - start
            if step == steps || now - lastReport > Self.reportSeconds {
                try reportProgress(
                    step, of: steps,
                    trainer.metrics.first.map { "\($0) \(NumberFormat.text(Double(trainer.measured[0])))" })
            }
            try saveIfDue(trainer, course)
            pace.begin()
            return true
        } stepsAtOnce: { after in
            min(pace.steps, every - after % every)
        }
    }

    /// Profiles a step where that is requested, before the first one, and reports the profile: it is not part of the
    /// record, which stays the same in every bit.
    private func profileOnce<State>(_ trainer: Trainer<State>) throws {
        guard worker.workerOptions.isProfiled, !hasProfile else { return }
        hasProfile = true
        if let profile = try trainer.profile(clock: TrainingProfile.processorNanoseconds) {
            worker.report(.profiled(TrainingProfile(profile)))
        }
    }

    /// Writes a checkpoint where it is due, or where the stage is to stop, which it then does.
    func saveIfDue<State>(_ trainer: Trainer<State>, _ course: () -> TrainingCheckpoint.Course) throws {
        guard worker.stop.isRequested || isCheckpointDue else { return }
        let snapshot = trainer.snapshot
        try save(TrainerSnapshot(step: snapshot.step, tensors: snapshot.tensors, measured: snapshot.measured), course())
    }

    /// Writes a checkpoint of an evaluation where it is due, or where the stage is to stop, which it then does.
    /// - Parameter measurement: the number of measurements done.
    func saveIfDue(_ course: TrainingCheckpoint.Course, at measurement: Int) throws {
        guard worker.stop.isRequested || isCheckpointDue else { return }
        try save(TrainerSnapshot(step: measurement, tensors: [], measured: []), course)
    }

    private var isCheckpointDue: Bool {
        MonotonicTime.now - lastCheckpoint >= worker.workerOptions.checkpointSeconds
    }

    private func save(_ snapshot: TrainerSnapshot, _ course: TrainingCheckpoint.Course) throws {
        let checkpoint = TrainingCheckpoint(
            trainer: snapshot, course: course, spent: ownSpent, device: worker.backend.kind)
        try journal.save(checkpoint.encoded())
        lastCheckpoint = MonotonicTime.now
        if worker.stop.isRequested { throw Stopped() }
    }

    /// Reports the progress, and ends a stage that has exceeded its limits.
    func reportProgress(_ step: Int, of steps: Int, _ detail: String?) throws {
        try worker.checkFolder()
        lastReport = MonotonicTime.now
        (owner.step, owner.steps, owner.detail, owner.lastReport) = (step, steps, detail ?? "", Date())
        lock.publish(owner)
        worker.report(.progress(.init(step: step, steps: steps, detail: detail ?? "")))
        try checkLimits()
    }

    /// Reports what is being done at the present step, and ends a stage that has exceeded its limits. One that is to stop goes on to its
    /// next checkpoint: a stage that is stopped again and again would otherwise never get there.
    func report(_ detail: String) throws {
        try reportProgress(owner.step, of: owner.steps, detail)
    }

    /// The same while a program of the user's runs, which may take hours: where the stage is to stop, it is ended.
    func reportProgram(_ detail: String) throws {
        if worker.stop.isRequested { throw Stopped() }
        try report(detail)
    }

    /// - Throws: `LimitExceeded`.
    func checkLimits() throws {
        guard stage.isLimited, let limits = worker.workerOptions.limits else { return }
        if let allowed = limits.minutes, spent.wallSeconds > 60 * allowed {
            throw LimitExceeded(
                description: "took \(NumberFormat.text(spent.wallSeconds / 60)) minutes, more than the limit of "
                    + NumberFormat.text(allowed))
        }
        if let allowed = limits.memory, Provenance.peakMemory > allowed {
            throw LimitExceeded(
                description: "took \(NumberFormat.text(Provenance.peakMemory)) MiB of memory, more than the limit of "
                    + NumberFormat.text(allowed))
        }
    }

    /// Seals a product that is whole and about to get its name.
    func seal(_ hash: Identity) throws {
        try worker.checkFolder()
        try journal.seal(hash)
        sealed = hash
    }

    /// The same where whoever writes the product brings the journal to the disk with it.
    func sealWithProduct(_ hash: Identity) throws {
        try worker.checkFolder()
        try journal.seal(hash, isAwaited: false)
        sealed = hash
    }

    /// The file of the journal.
    var journalPath: String { journal.path }

    /// Notes that the product has its name.
    func finish() throws {
        guard let sealed else { preconditionFailure("\(stage.title) has left no product") }
        try journal.forgetCheckpoints(sealed: sealed)
    }

    /// Notes that the stage failed, with the cause.
    func fail(_ cause: String) throws { try journal.fail(cause) }
}

/// The number of steps that take about some seconds, by the speed of the last chunk.
private struct Pace {
    private let seconds: Double
    private var last: Int
    private var begun = MonotonicTime.now
    /// The steps of the next chunk.
    private(set) var steps = 1

    init(seconds: Double, from step: Int) { (self.seconds, last) = (seconds, step) }

    /// The clock of a chunk begins.
    mutating func begin() { begun = MonotonicTime.now }

    /// A chunk has ended with a step.
    mutating func note(_ step: Int, at now: Double) {
        let each = max(1e-6, (now - begun) / Double(max(1, step - last)))
        steps = max(1, Int(seconds / each))
        last = step
    }
}

/// The error of a stage that a stop request ended before it was done.
struct Stopped: Error {}
