import FlowMaps
import Foundation
import Results
import Specification
import Storage
import Study

/// One process's go at a piece of work: the right to do it, what earlier ones left, and the checkpoints for later ones.
final class Attempt {
    /// What an earlier attempt left to go on from.
    let checkpoint: TrainingCheckpoint?
    private let worker: Worker
    private let work: Work
    private let lock: WorkLock
    private let journal: JournalWriter
    private let begun = Date()
    private let processorSecondsBefore = Provenance.usage().processorSeconds
    private var owner: WorkLock.Owner
    private var lastCheckpoint = Date()
    private var lastReport = Date.distantPast
    private var sealed: Identity?
    private var hasProfile = false
    /// Seconds of training, by this attempt.
    private var trainingSeconds = 0.0

    /// Seconds between two reports of a training.
    private static let reportSeconds = 0.2
    /// Seconds of training after which reports, checkpoints and requests to stop are thought of, as far as steps are so short.
    private static let chunkSeconds = 0.05

    /// Begins, or goes on. What lies under the product's name and was not sealed there gives way.
    /// - Throws: `FileError`.
    init(_ work: Work, by worker: Worker, holding lock: WorkLock) throws {
        (self.work, self.worker, self.lock) = (work, worker, lock)
        let product = worker.results.product(work)
        func gaveWay(_ path: String, _ aside: String) { worker.report(.setAside(path: path, as: aside)) }
        if let aside = try ResultsFolder.setAside(product) { gaveWay(product, aside) }
        journal = try JournalWriter(worker.results.journal(work), of: work.identity, setAside: gaveWay)
        checkpoint = journal.found?.checkpoint.flatMap { try? TrainingCheckpoint(encoded: $0) }
        owner = WorkLock.Owner(
            process: getpid(), host: ProcessInfo.processInfo.hostName, product: product, began: begun,
            first: checkpoint?.trainer.step ?? 0, step: checkpoint?.trainer.step ?? 0, steps: work.steps, detail: "",
            told: begun)
        lock.tell(owner)
        try journal.attempt("\(begun.formatted(.iso8601)), process \(owner.process) on \(owner.host)")
        if let checkpoint { worker.report(.resumed(step: checkpoint.trainer.step, steps: work.steps)) }
    }

    /// What it has cost so far, by all attempts.
    var spent: TrainingCheckpoint.Spent {
        let usage = Provenance.usage()
        var spent = checkpoint?.spent ?? TrainingCheckpoint.Spent(started: begun)
        spent.trainingSeconds += trainingSeconds
        spent.wallSeconds += Date().timeIntervalSince(begun)
        spent.processorSeconds += usage.processorSeconds - processorSecondsBefore
        spent.peakMemory = max(spent.peakMemory, usage.peakMemory)
        if checkpoint != nil { spent.interruptions += 1 }
        return spent
    }

    /// Puts a trainer at its first step where the checkpoint is, if there is one that fits.
    /// - Returns: what was measured until then.
    func resume<State>(_ trainer: Trainer<State>) -> TrainingCheckpoint.Course? {
        guard let checkpoint else { return nil }
        let stored = checkpoint.trainer
        let snapshot = Trainer<State>.Snapshot(step: stored.step, tensors: stored.tensors, measured: stored.measured)
        guard trainer.fits(snapshot) else { return nil }
        trainer.restore(snapshot)
        return checkpoint.course
    }

    /// Advances a trainer, telling of it a few times a second, with checkpoints.
    /// - Parameters:
    ///   - every: the steps between two at which there is something to observe.
    ///   - course: asked at each checkpoint for what was measured until then.
    ///   - observe: called after steps in between too, at least after each multiple of `every` and the last.
    /// - Throws: `Diverged`, `Stopped`, `LimitExceeded`, `FileError`.
    func advance<State>(
        _ trainer: Trainer<State>, to step: Int, of steps: Int, observingEvery every: Int = .max,
        course: () -> TrainingCheckpoint.Course = { .init() }, observing observe: (Int) -> Void = { _ in }
    ) throws {
        try profileOnce(trainer)
        let start = Date(), before = trainingSeconds
        defer { trainingSeconds = before + Date().timeIntervalSince(start) }
        var pace = Pace(seconds: min(Self.chunkSeconds, worker.supervision.checkpointSeconds), from: trainer.step)
        try trainer.advance(to: step) { step in
            observe(step)
            let now = Date()
            pace.note(step, at: now)
            trainingSeconds = before + now.timeIntervalSince(start)
            if step == steps || now.timeIntervalSince(lastReport) > Self.reportSeconds {
                try tell(
                    step, of: steps, trainer.metrics.first.map { "\($0) \(Figure.text(Double(trainer.measured[0])))" })
            }
            try saveIfDue(trainer, course)
            pace.begin()
            return true
        } stepsAtOnce: { after in
            min(pace.steps, every - after % every)
        }
    }

    /// Takes the time of a step apart where that is wanted, before the first one, and tells of it: it is no part of the record,
    /// which stays the same in every bit.
    private func profileOnce<State>(_ trainer: Trainer<State>) throws {
        guard worker.supervision.isProfiled, !hasProfile else { return }
        hasProfile = true
        if let profile = try trainer.profile(clock: TrainingProfile.processorNanoseconds) {
            worker.report(.profiled(TrainingProfile(profile)))
        }
    }

    /// Writes a checkpoint where it is time for one, or where the work is to stop, which it then does.
    func saveIfDue<State>(_ trainer: Trainer<State>, _ course: () -> TrainingCheckpoint.Course) throws {
        let isStopping = worker.stop.isRequested
        guard isStopping || Date().timeIntervalSince(lastCheckpoint) >= worker.supervision.checkpointSeconds else {
            return
        }
        let snapshot = trainer.snapshot
        let checkpoint = TrainingCheckpoint(
            trainer: TrainerSnapshot(step: snapshot.step, tensors: snapshot.tensors, measured: snapshot.measured),
            course: course(), spent: spent)
        try journal.save(checkpoint.encoded())
        lastCheckpoint = Date()
        if isStopping { throw Stopped() }
    }

    /// Says how far the work is, and ends it where it has taken too much.
    func tell(_ step: Int, of steps: Int, _ detail: String?) throws {
        lastReport = Date()
        (owner.step, owner.steps, owner.detail, owner.told) = (step, steps, detail ?? "", lastReport)
        lock.tell(owner)
        worker.report(.progress(.init(step: step, steps: steps, detail: detail ?? "")))
        try checkLimits()
    }

    /// - Throws: `LimitExceeded`.
    func checkLimits() throws {
        guard case .run = work, let limits = worker.supervision.limits else { return }
        if let allowed = limits.minutes, spent.wallSeconds > 60 * allowed {
            throw LimitExceeded(
                description: "took \(Figure.text(spent.wallSeconds / 60)) minutes, more than the limit of "
                    + Figure.text(allowed))
        }
        if let allowed = limits.memory, Provenance.peakMemory > allowed {
            throw LimitExceeded(
                description: "took \(Figure.text(Provenance.peakMemory)) MiB of memory, more than the limit of "
                    + Figure.text(allowed))
        }
    }

    /// Seals a product that is whole and about to get its name.
    func seal(_ temporary: String) throws {
        guard let hash = FileBytes.hash(temporary) else {
            throw FileError(path: worker.results.product(work), attempt: "read the file")
        }
        try journal.seal(hash)
        sealed = hash
    }

    /// The product has its name.
    func finish() throws {
        guard let sealed else { preconditionFailure("\(work.title) has left no product") }
        try journal.forgetCheckpoints(sealed: sealed)
    }

    /// The work failed of itself.
    func fail(_ cause: String) throws { try journal.fail(cause) }
}

/// How many steps take about some seconds, by those of the last chunk.
private struct Pace {
    private let seconds: Double
    private var last: Int
    private var begun = Date()
    /// The steps of the next chunk.
    private(set) var steps = 1

    init(seconds: Double, from step: Int) { (self.seconds, last) = (seconds, step) }

    /// The clock of a chunk begins.
    mutating func begin() { begun = Date() }

    /// A chunk has ended with a step.
    mutating func note(_ step: Int, at now: Date) {
        // A clock that is set back makes no endless chunk.
        let each = max(1e-6, now.timeIntervalSince(begun) / Double(max(1, step - last)))
        steps = max(1, Int(seconds / each))
        last = step
    }
}

/// Work that ended before it was done, since it was asked to.
struct Stopped: Error {}
