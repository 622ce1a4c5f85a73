import Results
import Specification
import Study

/// The work of a plan that is still to be done: what can begin, the longest first, and what cannot any more.
struct StageQueue {
    private struct Entry {
        let stage: Stage
        let identity: Identity
        /// What has to be there before, by identity.
        let needs: [Stage]
        let needed: [Identity]
    }

    /// Work that failed in an earlier time and is left.
    let endedBefore: [(Stage, StageResult)]
    private var waiting: [Entry]
    /// What is not there yet.
    private var missing: Set<Identity>
    /// What will not be there, and why.
    private var broken: [Identity: StageResult] = [:]

    init(_ plan: Plan, _ formerFailures: Runner.FormerFailures) {
        let estimate = Estimate(from: [])
        let failed = formerFailures == .left ? plan.failed : []
        endedBefore = failed.map { item in
            guard case .failed(let cause) = item.status else { preconditionFailure("\(item.status) is no failure") }
            return (item.stage, .failed("before: \(cause); --retry-failed tries again"))
        }
        broken = Dictionary(uniqueKeysWithValues: zip(failed.map(\.identity), endedBefore.map(\.1)))
        let open = plan.pending + (formerFailures == .triedAgain ? plan.failed : [])
        // Sorted by a time that is computed once; equal ones stay in the order of the plan.
        let places = open.enumerated().map { (place: $0, seconds: estimate.seconds($1.stage)) }
            .sorted { ($1.seconds, $0.place) < ($0.seconds, $1.place) }.map(\.place)
        var identities: [Stage: Identity] = [:]
        for item in plan.items { identities[item.stage] = item.identity }
        waiting = places.map { place in
            let needs = open[place].stage.needs
            return Entry(
                stage: open[place].stage, identity: open[place].identity, needs: needs,
                needed: needs.map { identities[$0] ?? $0.identity })
        }
        missing = Set(open.map(\.identity)).union(failed.map(\.identity))
    }

    /// Takes out the next piece of work that can begin, or that can no more: then with its ending.
    ///
    /// What another process is at comes last, so that two that share results do different work while there is any.
    mutating func next(in results: ResultsFolder) -> (Stage, Identity, StageResult?)? {
        var busy: Int?
        for (place, entry) in waiting.enumerated() {
            guard entry.needed.allSatisfy({ !missing.contains($0) || broken[$0] != nil }) else { continue }
            if let need = zip(entry.needs, entry.needed).first(where: { broken[$1] != nil }) {
                waiting.remove(at: place)
                return (entry.stage, entry.identity, Self.verdict(on: need.0, broken[need.1]!))
            }
            if StageLock.holder(results.lock(entry.identity)).isHeld {
                if busy == nil { busy = place }
                continue
            }
            return begin(at: place, results)
        }
        return busy.flatMap { begin(at: $0, results) }
    }

    private mutating func begin(at place: Int, _ results: ResultsFolder) -> (Stage, Identity, StageResult?) {
        let entry = waiting.remove(at: place)
        // Another process may have done it since the plan was made.
        return (entry.stage, entry.identity, results.status(entry.stage, entry.identity) == .done ? .done : nil)
    }

    private static func verdict(on need: Stage, _ stageResult: StageResult) -> StageResult {
        switch stageResult {
        case .failed(let cause): .failed("\(need.title) failed: \(cause)")
        case .obstructed(let cause): .obstructed("\(need.title) was not done: \(cause)")
        case .stopped: .stopped
        case .done, .diverged: preconditionFailure("\(need.title) is there")
        }
    }

    /// Takes note of an ending.
    mutating func settle(_ stage: Stage, _ identity: Identity, _ stageResult: StageResult) {
        switch stageResult {
        case .done, .diverged: missing.remove(identity)
        case .failed, .obstructed, .stopped: broken[identity] = stageResult
        }
    }
}
