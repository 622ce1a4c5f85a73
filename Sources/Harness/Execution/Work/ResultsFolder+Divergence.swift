import FlowMaps
import Foundation
import Results
import Study

extension ResultsFolder {
    /// Leaves the record of a run that cannot be since what it is made from diverged, with the cause.
    /// - Returns: the verdict, or what kept the record from being written.
    func recorded(_ verdict: StageResult, of stage: Stage) -> StageResult {
        guard case .diverged(let cause) = verdict, case .run(let run) = stage else { return verdict }
        let none = Scores([]), now = Date().formatted(.iso8601)
        let record = Record(
            run: run.run, identity: run.identity, outcome: .diverged(step: 0, cause: cause), training: Curves(),
            evaluation: Curves(),
            reference: ReferenceScores(floor: none, floorEvaluations: 0, ceiling: none, ceilingEvaluations: 0),
            features: nil, drift: nil, samples: nil,
            provenance: Provenance(
                facts: [
                    .init(name: "ablate", value: Version.text), .init(name: "ended", value: now),
                    .init(name: "started", value: now),
                ], trainingSeconds: 0, wallSeconds: 0, processorSeconds: 0, peakMemory: 0))
        do {
            let lock = try StageLock.acquire(lock(stage)) { _ in }
            try withExtendedLifetime(lock) { try adopt(record, []) { _ in } }
            return verdict
        } catch {
            return .obstructed("\(error)")
        }
    }
}
