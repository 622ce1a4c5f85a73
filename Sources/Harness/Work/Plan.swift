import FlowMaps
import Foundation

/// What a study needs, and how much of it is there.
public struct Plan: Sendable {
    public struct Item: Sendable {
        public let work: Work
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

    /// Looks at the results folder; writes and runs nothing.
    public init(_ study: Study, results: ResultsFolder) {
        self.study = study
        self.results = results
        var shared: [Item] = [], runs: [Item] = [], seen: Set<Work> = []
        func add(_ work: Work) {
            guard seen.insert(work).inserted else { return }
            let status = results.status(work)
            if status != .done { work.needs.forEach(add) }
            shared.append(Item(work: work, identity: work.identity, status: status))
        }
        lazy var known = results.recordsByIdentity()
        for run in study.runs {
            let work = Work.run(RunWork(run: run)), identity = work.identity
            var status = results.status(work)
            if status != .done, let path = known[identity], results.isSealed(path, as: identity) {
                status = .elsewhere(path)
            } else if status != .done {
                work.needs.forEach(add)
            }
            runs.append(Item(work: work, identity: identity, status: status))
        }
        items = shared + runs
    }

    public var pending: [Item] { items.filter { $0.status == .pending } }
    public var failed: [Item] { items.filter { if case .failed = $0.status { true } else { false } } }
    public var runItems: [Item] {
        items.filter { if case .run = $0.work { true } else { false } }
    }
    public var sharedItems: [Item] {
        items.filter { if case .run = $0.work { false } else { true } }
    }
}

extension ResultsFolder {
    /// How far a piece of work is, under its own name.
    func status(_ work: Work) -> Plan.Status {
        let identity = work.identity
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

    /// All records of all studies that can be read.
    public func allRecords() -> [Record] { recordFiles().compactMap { try? Self.verifiedRecord($0) } }

    private func recordFiles() -> [String] {
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
