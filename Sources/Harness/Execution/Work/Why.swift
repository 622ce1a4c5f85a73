import Results
import Specification
import Study

/// Why a run of a study is done, or is still to be done.
package struct Why: Sendable {
    package let run: Run
    package let standing: Standing

    package enum Standing: Sendable {
        case done
        /// A record of its identity lies under another name.
        case elsewhere(String)
        /// It failed of itself, with the cause.
        case failed(String)
        /// A record lies at its place, of another specification or of other stages; what is not the same in this run.
        case stale([Difference])
        /// No record lies at its place. The record that differs least from it, where there is any.
        case missing(nearest: Neighbour?)
        /// What lies at its place cannot be read.
        case unreadable(String)
    }

    /// A record, and what is not the same in the run that is asked about.
    package struct Neighbour: Sendable {
        package let path: String
        package let differences: [Difference]
    }
}

extension Plan {
    /// Says for each run of the plan why it is done or not, from the records that are there.
    ///
    /// The nearest record has the fewest keys that differ; of several, one of the same study, then the first by its path.
    /// - Parameter point: the one run to be asked about; nil for all.
    /// - Throws: `SpecError` where the study has no such run.
    package func explained(_ point: String? = nil) throws(SpecError) -> [Why] {
        let asked = runItems.filter { item in
            if case .run(let work) = item.work { point == nil || work.run.point == point } else { false }
        }
        if let point, asked.isEmpty {
            let names = study.runs.map(\.point)
            throw SpecError(
                .code, "the study '\(study.name)' has no run '\(point)'",
                nearest: nearestName(to: point, among: names), notes: ["ablate plan lists its runs"])
        }
        let neighbours = Neighbours(results, of: study.name)
        return asked.compactMap { item in
            guard case .run(let work) = item.work else { return nil }
            return Why(run: work.run, standing: standing(of: item, work, among: neighbours))
        }
    }

    private func standing(of item: Item, _ work: RunWork, among neighbours: Neighbours) -> Why.Standing {
        switch item.status {
        case .done: return .done
        case .elsewhere(let path): return .elsewhere(path)
        case .failed(let cause): return .failed(cause)
        case .pending: break
        }
        let path = results.record(work.run), grounds = Grounds(work)
        if let reason = neighbours.unreadable[path] { return .unreadable(reason) }
        if let old = neighbours.records.first(where: { $0.path == path }) {
            // Of the same identity, and yet not done: its bytes are not those that were sealed.
            if old.identity == item.identity { return .unreadable("\(path): its bytes are not those that were sealed") }
            return .stale(grounds.differences(from: old.grounds))
        }
        return .missing(
            nearest: neighbours.nearest(to: grounds).map {
                Why.Neighbour(path: $0.path, differences: grounds.differences(from: $0.grounds))
            })
    }
}

/// The records of a results folder by what decides them.
private struct Neighbours {
    struct Entry {
        let path: String
        let identity: Identity
        let grounds: Grounds
        let leaves: [Int]
    }

    /// Those of the study first.
    private(set) var records: [Entry] = []
    private(set) var unreadable: [String: String] = [:]

    init(_ results: ResultsFolder, of study: String) {
        let own = results.study(study) + "/"
        let files = results.recordFiles()
        for path in files.filter({ $0.hasPrefix(own) }) + files.filter({ !$0.hasPrefix(own) }) {
            do {
                let (grounds, identity) = try Grounds.read(path)
                records.append(Entry(path: path, identity: identity, grounds: grounds, leaves: grounds.leaves))
            } catch {
                unreadable[path] = "\(error)"
            }
        }
    }

    func nearest(to grounds: Grounds) -> Entry? {
        let leaves = grounds.leaves
        return records.map { (entry: $0, shared: Self.shared($0.leaves, leaves)) }
            .max { ($0.shared, -$0.entry.leaves.count) < ($1.shared, -$1.entry.leaves.count) }?.entry
    }

    /// How many numbers are in both of two ascending lists.
    private static func shared(_ left: [Int], _ right: [Int]) -> Int {
        var (i, j, count) = (0, 0, 0)
        while i < left.count, j < right.count {
            if left[i] == right[j] {
                (i, j, count) = (i + 1, j + 1, count + 1)
            } else if left[i] < right[j] {
                i += 1
            } else {
                j += 1
            }
        }
        return count
    }
}
