import FlowMaps
import Foundation

/// What a study needs, and how much of it is there.
public struct Plan: Sendable {
    public struct Item: Sendable {
        public let work: Work
        /// The work's own, which is costly to ask for again.
        public let identity: Identity
        public let status: Status
    }

    public enum Status: Hashable, Sendable {
        case done
        /// A record of the same identity lies under another name, and only has to be taken over.
        case elsewhere(String)
        case pending
        /// It failed of itself, with the cause, and is tried again when that is asked for.
        case failed(String)
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

    mutating func status(of run: Run, _ work: Work, _ identity: Identity) -> Plan.Status {
        let status = hasFolder(run) ? look(at: work, identity) : .pending
        if status != .done, let path = known[identity], results.isSealed(path, as: identity) { return .elsewhere(path) }
        return status
    }

    private mutating func look(at work: Work, _ identity: Identity) -> Plan.Status {
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

extension ResultsFolder {
    /// How far a piece of work is, under its own name.
    func status(_ work: Work) -> Plan.Status { status(work, work.identity) }

    /// The same where the identity is known.
    func status(_ work: Work, _ identity: Identity) -> Plan.Status {
        guard let journal = try? Journal.read(journal(work)), journal.identity == identity else { return .pending }
        switch journal.state {
        case .open: return .pending
        case .failed(let cause): return .failed(cause)
        case .sealed(let hash): return FileBytes.hash(product(work)) == hash ? .done : .pending
        }
    }

    /// Where each sealed record lies, over all studies.
    func recordsByIdentity() -> [Identity: String] {
        var result: [Identity: String] = [:]
        for file in recordFiles() {
            guard let journal = try? Journal.read(Self.journal(ofProduct: file)), let identity = journal.identity,
                case .sealed = journal.state, result[identity] == nil
            else { continue }
            result[identity] = file
        }
        return result
    }

    /// Records of all studies, evenly spread over them, without those that cannot be read.
    public func someRecords(atMost count: Int) -> [Record] {
        let files = recordFiles(), taken = min(count, files.count)
        return (0..<taken).compactMap { try? Self.verifiedRecord(files[$0 * files.count / taken]) }
    }

    /// The records of all studies, in the order of their paths.
    func recordFiles() -> [String] {
        var result: [String] = []
        let manager = FileManager.default
        for study in ((try? manager.contentsOfDirectory(atPath: path)) ?? []).sorted() where study != Self.cacheName {
            for point in ((try? manager.contentsOfDirectory(atPath: "\(path)/\(study)")) ?? []).sorted() {
                let file = "\(path)/\(study)/\(point)/run.h5"
                if manager.fileExists(atPath: file) { result.append(file) }
            }
        }
        return result
    }
}
