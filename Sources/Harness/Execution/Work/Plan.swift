import FlowMaps
import Foundation
import Results
import Specification
import Study

/// What a study needs, and how much of it is there.
public struct Plan: Sendable {
    public struct Item: Sendable {
        public let work: Work
        /// The work's own, which is costly to ask for again.
        public let identity: Identity
        public let status: WorkStatus
    }

    public let study: Study
    public let results: ResultsFolder
    /// What runs share, then the runs in the order of the study. Shared work that only finished runs need is left out.
    public let items: [Item]
    /// What it found whole.
    let seals: SealIndex

    /// Looks at the results folder; writes and runs nothing.
    public init(_ study: Study, results: ResultsFolder) {
        self.study = study
        self.results = results
        var survey = Survey(results)
        var runs: [Item] = []
        runs.reserveCapacity(study.runs.count)
        for run in study.runs {
            let work = Work.run(RunWork(run: run)), identity = work.identity
            let status = survey.status(of: run, work, identity)
            runs.append(Item(work: work, identity: identity, status: status))
            switch status {
            case .done, .elsewhere: continue
            case .pending, .failed: work.needs.forEach { survey.add($0) }
            }
        }
        let shared = survey.shared
        items = shared + runs
        seals = survey.seals
    }

    /// The identity of each run that the study names, chosen or not.
    public var identities: [String: Identity] {
        var result: [String: Identity] = [:]
        for (run, item) in zip(study.runs, runItems) { result[run.point] = item.identity }
        for run in study.named where result[run.point] == nil { result[run.point] = RunWork(run: run).identity }
        return result
    }

    private init(_ plan: Plan, _ items: [Item]) {
        (study, results, seals, self.items) = (plan.study, plan.results, plan.seals, items)
    }

    /// The same plan with other items.
    func replacing(_ change: (Item) -> Item) -> Plan { Plan(self, items.map(change)) }

    public var pending: [Item] { items.filter { $0.status == .pending } }
    public var failed: [Item] { items.filter { if case .failed = $0.status { true } else { false } } }
    /// What is to be done and can be: nothing that needs what failed before, unless that is tried again.
    package func open(_ formerFailures: Runner.FormerFailures) -> [Work] {
        switch formerFailures {
        case .triedAgain: return (pending + failed).map(\.work)
        case .left:
            let broken = Set(failed.map(\.identity)), works = pending.map(\.work)
            guard !broken.isEmpty else { return works }
            return works.filter { !$0.needs.contains { broken.contains($0.identity) } }
        }
    }

    /// Pieces of work at a time, so that all threads of the largest have a core each: at least 1.
    public func jobs(cores: Int) -> Int { max(1, cores / (pending.map(\.work.threads).max() ?? 1)) }
    public var runItems: [Item] {
        items.filter { if case .run = $0.work { true } else { false } }
    }
    public var sharedItems: [Item] {
        items.filter { if case .run = $0.work { false } else { true } }
    }
}

/// What of a study's work is there, found out with one look at each folder.
private struct Survey {
    private let results: ResultsFolder
    private(set) var shared: [Plan.Item] = []
    private(set) var seals: SealIndex
    private var seen: Set<Work> = []
    private lazy var known = results.recordsByIdentity()
    /// The names of each study's folder, listed once: most runs of a new study have none.
    private var points: [String: Set<String>] = [:]

    init(_ results: ResultsFolder) {
        self.results = results
        seals = SealIndex(of: results)
    }

    /// Adds shared work, and before it what that needs in turn.
    mutating func add(_ work: Work) {
        // By what it says, not by identity: hashing a value is a hundredth of encoding it.
        guard seen.insert(work).inserted else { return }
        let identity = work.identity, status = look(at: work, identity)
        if status != .done { work.needs.forEach { add($0) } }
        shared.append(Plan.Item(work: work, identity: identity, status: status))
    }

    mutating func status(of run: Run, _ work: Work, _ identity: Identity) -> WorkStatus {
        let status = hasFolder(run) ? look(at: work, identity) : .pending
        if status != .done, let path = known[identity], results.isSealed(path, as: identity) { return .elsewhere(path) }
        return status
    }

    private mutating func look(at work: Work, _ identity: Identity) -> WorkStatus {
        seals.status(of: results.product(work), identity) { [results] in results.status(work, identity) }
    }

    private mutating func hasFolder(_ run: Run) -> Bool {
        if points[run.study] == nil {
            let names = try? FileManager.default.contentsOfDirectory(atPath: results.study(run.study))
            points[run.study] = Set(names ?? [])
        }
        return points[run.study]!.contains(run.point)
    }
}
