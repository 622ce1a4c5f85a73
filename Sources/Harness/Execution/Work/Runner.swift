import FlowMaps
import Foundation
import Results
import Specification
import Storage
import Study

/// Carries out a plan: shared work first, several pieces at a time, the longest first, a failure being that piece's alone.
public struct Runner: Sendable {
    public enum Event: Sendable {
        case began(Work)
        case noticed(Work, Worker.Notice)
        case ended(Work, Ending)
    }

    /// What becomes of work that failed in an earlier time.
    public enum FormerFailures: Hashable, Sendable { case left, triedAgain }

    private let plan: Plan
    private let launcher: any Launcher
    private let jobs: Int
    private let formerFailures: FormerFailures
    private let stop: StopRequest
    private let observe: @Sendable (Event) -> Void

    /// - Parameters:
    ///   - jobs: pieces of work at a time, at least 1.
    ///   - stop: after which nothing more is begun; the launcher has to see to what has begun.
    ///   - observe: told of all that happens, from several threads.
    public init(
        _ plan: Plan, launcher: any Launcher, jobs: Int, formerFailures: FormerFailures = .left,
        stop: StopRequest = StopRequest(), observe: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        precondition(jobs >= 1, "work needs at least one job, not \(jobs)")
        (self.plan, self.launcher, self.jobs) = (plan, launcher, jobs)
        (self.formerFailures, self.stop, self.observe) = (formerFailures, stop, observe)
    }

    /// - Returns: how each piece that was not done before ended, in the order in which they did; what was not begun is left out.
    /// - Throws: `FileError` where the study's folder cannot be written.
    public func run() async throws -> [(work: Work, ending: Ending)] {
        try prepare()
        var queue = WorkQueue(plan, formerFailures)
        var endings: [(Work, Ending)] = []
        for (work, ending) in queue.endedBefore {
            observe(.ended(work, ending))
            endings.append((work, ending))
        }
        await withTaskGroup(of: (Work, Identity, Ending).self) { group in
            var running = 0
            func start() {
                while running < jobs, !stop.isRequested, let (work, identity, verdict) = queue.next(in: plan.results) {
                    running += 1
                    group.addTask {
                        if let verdict { return (work, identity, verdict) }
                        observe(.began(work))
                        return (work, identity, await launch(work))
                    }
                }
            }
            start()
            for await (work, identity, ending) in group {
                running -= 1
                queue.settle(work, identity, ending)
                observe(.ended(work, ending))
                endings.append((work, ending))
                start()
            }
        }
        return endings
    }

    private func launch(_ work: Work) async -> Ending {
        let ending = await launcher.launch(work, in: plan.results) { observe(.noticed(work, $0)) }
        // A worker that was killed could not say so itself.
        if case .failed(let cause) = ending { plan.results.recordFailure(of: work, cause) }
        return ending
    }

    /// Makes the study's folder ready for its work: the study as it was written, what it asks and takes, and records that lie under other
    /// names. `run` does this itself.
    /// - Throws: `FileError` where the folder cannot be written.
    public func prepare() throws {
        let folder = plan.results.study(plan.study.name)
        try ResultsFolder.create(folder)
        try AtomicFile.write(Array(plan.study.text.utf8), to: "\(folder)/study.yaml")
        try AtomicFile.write(
            Array((plan.study.origin.heading + plan.study.resolved).utf8), to: "\(folder)/resolved.yaml")
        try StudyManifest(plan.study, identities: plan.identities, work: WorkList(plan).items).write(to: folder)
        plan.seals.keep()
        try takeOver()
    }

    /// Writes the records that lie under other names where this study looks for them.
    ///
    /// All are read before any is written: where two arms have changed names, each lies where the other is to be.
    private func takeOver() throws {
        let records = try plan.items.compactMap { item -> (Record, models: [(name: String, content: Data)])? in
            guard case .elsewhere(let path) = item.status, case .run(let work) = item.work else { return nil }
            return (try ResultsFolder.verifiedRecord(path).relabelled(work.run), ResultsFolder.models(beside: path))
        }
        for (record, models) in records {
            let work = Work.run(RunWork(run: record.run))
            let lock = try WorkLock.acquire(plan.results.lock(work)) { _ in }
            try withExtendedLifetime(lock) { try plan.results.adopt(record, models) { observe(.noticed(work, $0)) } }
        }
    }
}

extension ResultsFolder {
    /// Writes a record that was made under another name, sealed; for whoever holds the lock of the work.
    /// - Parameter models: the checkpoints that lie beside the record.
    func adopt(
        _ record: Record, _ models: [(name: String, content: Data)], report: (Worker.Notice) -> Void
    ) throws {
        let path = self.record(record.run)
        func gaveWay(_ path: String, _ aside: String) { report(.setAside(path: path, as: aside)) }
        try Self.create(point(record.run))
        if let aside = try Self.setAside(path) { gaveWay(path, aside) }
        let journal = try JournalWriter(Self.journal(ofProduct: path), of: record.identity, setAside: gaveWay)
        try record.drawGrid(to: "\(point(record.run))/grid.png")
        for (name, content) in models {
            let path = "\(point(record.run))/\(name)"
            if let aside = try Self.setAside(path) { gaveWay(path, aside) }
            try AtomicFile.write(content, to: path)
        }
        var hash: Identity?
        try record.write(to: path) { temporary in
            hash = FileBytes.hash(temporary)
            if let hash { try journal.seal(hash) }
        }
        if let hash { try journal.forgetCheckpoints(sealed: hash) }
    }

    /// Notes in the journal of a piece of work that it failed, unless that is there or another process is at the work by now.
    func recordFailure(of work: Work, _ cause: String) {
        // A worker that dies with its host has the lock some moments longer, at the most a few of these looks, 50 ms apart.
        var looks = 0
        func look(_: WorkLock.Owner?) throws {
            looks += 1
            if looks == 20 { throw Stopped() }
        }
        guard status(work) != .failed(cause), let lock = try? WorkLock.acquire(lock(work), waiting: look) else {
            return
        }
        withExtendedLifetime(lock) {
            let journal = try? JournalWriter(journal(work), of: work.identity) { _, _ in }
            try? journal?.fail(cause)
        }
    }
}

extension Record {
    /// The same record under the names of another study's run of the same specification.
    func relabelled(_ run: Run) -> Record {
        precondition(RunWork(run: run).identity == identity, "only names and places may differ")
        return Record(
            run: run, identity: identity, outcome: outcome, training: training, evaluation: evaluation,
            reference: reference, features: features, drift: drift, search: search, samples: samples,
            provenance: provenance,
            overTraining: overTraining, trajectories: trajectories)
    }
}
