import Results
import Specification
import Study

/// The stages of a plan that remain: those that can begin, the longest first, and those that cannot any more.
struct StageQueue {
    private struct Entry {
        let stage: Stage
        let identity: Identity
        /// The stages that must be done before, and their identities.
        let needs: [Stage]
        let needed: [Identity]
    }

    /// Stages that failed in an earlier run and are not tried again.
    let endedBefore: [(Stage, StageResult)]
    private var waiting: [Entry]
    /// The stages that are not done yet.
    private var missing: Set<Identity>
    /// The stages that will not be done, each with the reason.
    private var broken: [Identity: StageResult] = [:]

    init(_ plan: Plan, _ formerFailures: Runner.FormerFailures) {
        let estimate = Estimate(from: [])
        let failed = formerFailures == .left ? plan.failed : []
        endedBefore = failed.map { item in
            guard case .failed(let cause) = item.status else { preconditionFailure("\(item.status) is no failure") }
            return (item.stage, StageResult(before: cause))
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

    /// Removes the next stage that can begin, or one that cannot any more, with its result.
    ///
    /// A stage that another process is executing comes last, so that two processes on one folder execute different
    /// stages.
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
        // Its runs cannot be, and their records say why.
        case .diverged(let cause): .diverged("\(need.title): \(cause)")
        case .done: preconditionFailure("\(need.title) is there")
        }
    }

    /// Takes note of a stage's result.
    mutating func settle(_ stage: Stage, _ identity: Identity, _ stageResult: StageResult) {
        switch stageResult {
        case .done: missing.remove(identity)
        case .diverged:
            // Only a run leaves a product then.
            if case .run = stage { missing.remove(identity) } else { broken[identity] = stageResult }
        case .failed, .obstructed, .stopped: broken[identity] = stageResult
        }
    }
}
