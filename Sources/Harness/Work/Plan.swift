import FlowMaps
import Foundation

/// What a study needs, and how much of it is there.
public struct Plan: Sendable {
    public struct Item: Sendable {
        public let work: Work
        public let status: Status
    }

    public enum Status: Hashable, Sendable {
        case done
        /// A record of the same identity lies under another name, and only has to be taken over.
        case elsewhere(String)
        case pending
    }

    public let study: Study
    public let results: ResultsFolder
    /// What runs share, then the runs in the order of the study. Shared work that only finished runs need is left out.
    public let items: [Item]

    /// Looks at the results folder; writes and runs nothing.
    public init(_ study: Study, results: ResultsFolder) {
        self.study = study
        self.results = results
        var shared: [Item] = [], runs: [Item] = [], seen: Set<Identity> = []
        func add(_ work: Work) {
            guard seen.insert(work.identity).inserted else { return }
            if results.isDone(work) { return shared.append(Item(work: work, status: .done)) }
            work.needs.forEach(add)
            shared.append(Item(work: work, status: .pending))
        }
        lazy var known = results.recordsByIdentity()
        for run in study.runs {
            let work = Work.run(RunWork(run: run))
            if results.isDone(work) {
                runs.append(Item(work: work, status: .done))
            } else if let path = known[work.identity], (try? Record.read(path)) != nil {
                runs.append(Item(work: work, status: .elsewhere(path)))
            } else {
                work.needs.forEach(add)
                runs.append(Item(work: work, status: .pending))
            }
        }
        items = shared + runs
    }

    public var pending: [Item] { items.filter { $0.status == .pending } }
    public var runItems: [Item] {
        items.filter { if case .run = $0.work { true } else { false } }
    }
    public var sharedItems: [Item] {
        items.filter { if case .run = $0.work { false } else { true } }
    }
}

extension ResultsFolder {
    /// Where each record lies, over all studies; damaged files are passed over.
    func recordsByIdentity() -> [Identity: String] {
        var result: [Identity: String] = [:]
        for file in recordFiles() {
            if let identity = Record.identity(in: file), result[identity] == nil { result[identity] = file }
        }
        return result
    }

    /// All records of all studies that can be read.
    public func allRecords() -> [Record] { recordFiles().compactMap { try? Record.read($0) } }

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
