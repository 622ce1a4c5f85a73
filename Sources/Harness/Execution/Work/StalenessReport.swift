import Results
import Specification
import Study

/// Why a run of a study is done, or is still to be done.
package struct StalenessReport: Sendable {
    package let run: Run
    package let runState: RunState

    package enum RunState: Sendable {
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
    package func explained(_ point: String? = nil) throws(SpecError) -> [StalenessReport] {
        let asked = runItems.filter { item in
            if case .run(let stage) = item.stage { point == nil || stage.run.point == point } else { false }
        }
        if let point, asked.isEmpty {
            let names = study.runs.map(\.point)
            throw SpecError(
                .code, "the study '\(study.name)' has no run '\(point)'",
                nearest: nearestName(to: point, among: names), notes: ["ablate plan lists its runs"])
        }
        let neighbours = Neighbours(results, of: study.name)
        return asked.compactMap { item in
            guard case .run(let stage) = item.stage else { return nil }
            return StalenessReport(run: stage.run, runState: runState(of: item, stage, among: neighbours))
        }
    }

    private func runState(of item: Item, _ stage: RunStage, among neighbours: Neighbours) -> StalenessReport.RunState {
        switch item.status {
        case .done: return .done
        case .elsewhere(let path): return .elsewhere(path)
        case .failed(let cause): return .failed(cause)
        case .pending: break
        }
        let path = results.record(stage.run), fingerprint = RunFingerprint(stage)
        if let reason = neighbours.unreadable[path] { return .unreadable(reason) }
        if let old = neighbours.records.first(where: { $0.path == path }) {
            // Of the same identity, and yet not done: its bytes are not those that were sealed.
            if old.identity == item.identity { return .unreadable("\(path): its bytes are not those that were sealed") }
            return .stale(fingerprint.differences(from: old.fingerprint))
        }
        return .missing(
            nearest: neighbours.nearest(to: fingerprint).map {
                StalenessReport.Neighbour(path: $0.path, differences: fingerprint.differences(from: $0.fingerprint))
            })
    }
}

/// The records of a results folder by what decides them.
private struct Neighbours {
    struct Entry {
        let path: String
        let identity: Identity
        let fingerprint: RunFingerprint
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
                let (fingerprint, identity) = try RunFingerprint.read(path)
                records.append(
                    Entry(path: path, identity: identity, fingerprint: fingerprint, leaves: fingerprint.leaves))
            } catch {
                unreadable[path] = "\(error)"
            }
        }
    }

    func nearest(to fingerprint: RunFingerprint) -> Entry? {
        let leaves = fingerprint.leaves
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
