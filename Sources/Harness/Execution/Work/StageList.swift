import Foundation
import Results
import Specification
import Storage
import Study

/// The stages of a study, for commands that show its progress.
package struct StageList: Sendable {
    package let items: [StudyManifest.StageItem]

    /// The stages of a plan, done or not.
    init(_ plan: Plan) {
        let estimate = Estimate(from: []), prefix = plan.results.path + "/"
        items = plan.items.map { item in
            StudyManifest.StageItem(
                title: item.stage.title, kind: item.stage.kind, identity: item.identity,
                product: String(plan.results.product(item.stage).dropFirst(prefix.count)), steps: item.stage.steps,
                estimate: estimate.seconds(item.stage))
        }
    }

    /// The stages of the study's last run, from its manifest.
    /// - Throws: `InputError` where the folder has no manifest, and as `StudyManifest.read`.
    package init(of studyFolder: String) throws {
        guard let manifest = try StudyManifest.read(from: studyFolder) else {
            throw InputError(
                path: "\(studyFolder)/study.json", attempt: "read the list of work", reason: "No such file or directory"
            )
        }
        items = manifest.stages
    }
}

extension StageList {
    /// The state of a stage.
    package enum State: Hashable, Sendable {
        case done
        /// A process is at it; what it said of itself, if it has already, and when it last gave a sign of life.
        case running(StageLock.Owner?, lastSign: Date)
        case failed(String)
        /// Not begun, or stopped on the way.
        case waiting
    }

    /// Seconds without a sign of life after which a process is said to be silent: several of its pulses.
    private static let silenceSeconds = 4 * StageLock.pulseSeconds

    /// Whether a process has given no sign of life for so long that it may be stopped.
    package static func isSilent(since lastSign: Date, at now: Date) -> Bool {
        now.timeIntervalSince(lastSign) > silenceSeconds
    }

    /// Why the file system does not tell who is at work; nil where it does.
    package func lockFault(in results: ResultsFolder) -> String? {
        for item in items {
            if case .unknown(let reason) = StageLock.holder(results.lock(item.identity)) { return reason }
        }
        return nil
    }

    /// How far all work is, in the order of the list. Sealed products are taken to be there as they were sealed.
    package func states(in results: ResultsFolder) -> [State] { items.map { Self.state(of: $0, in: results) } }

    private static func state(of item: StudyManifest.StageItem, in results: ResultsFolder) -> State {
        if case .owner(let owner, let lastSign) = StageLock.holder(results.lock(item.identity)) {
            return .running(owner, lastSign: lastSign)
        }
        let product = "\(results.path)/\(item.product)"
        guard let journal = try? Journal.read(ResultsFolder.journal(ofProduct: product)),
            journal.identity == item.identity
        else { return .waiting }
        switch journal.state {
        case .open: return .waiting
        case .failed(let cause): return .failed(cause)
        case .sealed: return FileManager.default.fileExists(atPath: product) ? .done : .waiting
        }
    }

    /// The number of runs that are done and diverged.
    package func diverged(_ states: [State], in results: ResultsFolder) -> Int {
        zip(items, states).count { item, state in
            guard state == .done, item.kind == "run" else { return false }
            return (try? HDF5File.read("\(results.path)/\(item.product)", { try $0.string("outcome") })) != "done"
        }
    }

    /// Seconds until all is done at the rate of the running stages; nil where no running stage has reported a rate.
    package func secondsLeft(_ states: [State], at now: Date) -> Double? {
        var left = 0.0, estimated = 0.0, taken = 0.0, running = 0
        for (item, state) in zip(items, states) {
            switch state {
            case .done, .failed: continue
            case .waiting: left += item.estimate
            // Nobody knows when one that is silent goes on.
            case .running(_, let lastSign) where Self.isSilent(since: lastSign, at: now): return nil
            case .running(let owner, _):
                running += 1
                guard let owner, owner.steps > 0, owner.step > owner.first else {
                    left += item.estimate
                    continue
                }
                left += item.estimate * (1 - Double(owner.step) / Double(owner.steps))
                estimated += item.estimate * Double(owner.step - owner.first) / Double(owner.steps)
                taken += owner.lastReport.timeIntervalSince(owner.began)
            }
        }
        guard estimated > 0 else { return nil }
        return left * taken / estimated / Double(running)
    }
}
