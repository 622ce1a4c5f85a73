import FlowMaps
import Foundation
import Results
import Specification
import Study

/// The stages that a study needs, with their status.
public struct Plan: Sendable {
    /// A stage with its status.
    public struct Item: Sendable {
        /// The stage.
        public let stage: Stage
        /// The stage's identity, stored since it is costly to compute.
        public let identity: Identity
        /// The status when the plan was made.
        public let status: StageStatus
    }

    /// The study.
    public let study: Study
    /// The folder of results.
    public let results: ResultsFolder
    /// The stages that runs share, then the runs in the order of the study. Shared stages that only finished runs
    /// need are left out.
    public let items: [Item]
    /// The products that were found whole.
    let seals: ProductCaches

    /// Makes the plan of a study from a folder of results; writes and runs nothing.
    public init(_ study: Study, results: ResultsFolder) {
        self.study = study
        self.results = results
        var survey = Survey(results, trainings: Self.trainings(of: study.runs))
        var runs: [Item] = []
        runs.reserveCapacity(study.runs.count)
        for run in study.runs {
            let stage = Stage.run(RunStage(run: run)), identity = stage.identity
            let status = survey.status(of: run, stage, identity)
            runs.append(Item(stage: stage, identity: identity, status: status))
            switch status {
            case .done, .elsewhere: continue
            case .pending, .failed: stage.needs.forEach { survey.add($0) }
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
        for run in study.named where result[run.point] == nil { result[run.point] = RunStage(run: run).identity }
        return result
    }

    /// The training of each run, with the steps that all runs which share it need.
    private static func trainings(of runs: [Run]) -> [Identity: StudentStage] {
        var result: [Identity: StudentStage] = [:]
        for run in runs {
            let student = RunStage(run: run).student, identity = student.identity
            result[identity] = result[identity]?.adding(student.snapshots) ?? student
        }
        return result
    }

    private init(_ plan: Plan, _ items: [Item]) {
        (study, results, seals, self.items) = (plan.study, plan.results, plan.seals, items)
    }

    /// The same plan with other items.
    func replacing(_ change: (Item) -> Item) -> Plan { Plan(self, items.map(change)) }

    /// The stages that are not done.
    public var pending: [Item] { items.filter { $0.status == .pending } }
    /// The stages that failed before.
    public var failed: [Item] { items.filter { if case .failed = $0.status { true } else { false } } }
    /// The stages to execute now: none whose needs failed before, unless those are tried again.
    package func open(_ formerFailures: Runner.FormerFailures) -> [Stage] {
        switch formerFailures {
        case .triedAgain: return (pending + failed).map(\.stage)
        case .left:
            let broken = Set(failed.map(\.identity)), works = pending.map(\.stage)
            guard !broken.isEmpty else { return works }
            return works.filter { !$0.needs.contains { broken.contains($0.identity) } }
        }
    }

    /// The number of stages to execute at a time, so that all threads of the largest have a core each: at least 1.
    public func jobs(cores: Int) -> Int { max(1, cores / (pending.map(\.stage.threads).max() ?? 1)) }
    /// The runs, in the order of the study.
    public var runItems: [Item] {
        items.filter { if case .run = $0.stage { true } else { false } }
    }
    /// The trainings of students that are not done, one for all runs that share it.
    public var trainingItems: [Item] {
        items.filter { if case .training = $0.stage { true } else { false } }
    }
    /// The shared stages apart from trainings: teachers, classifiers and reference samples.
    public var sharedItems: [Item] {
        items.filter {
            switch $0.stage {
            case .training, .run: false
            case .teacher, .classifier, .reference: true
            }
        }
    }
}

/// The status of a study's stages, found by listing each folder once.
private struct Survey {
    private let results: ResultsFolder
    private(set) var shared: [Plan.Item] = []
    private(set) var seals = ProductCaches()
    private var seen: Set<Stage> = []
    /// The trainings of all runs, and those that were added: runs that share one name it differently.
    private let trainings: [Identity: StudentStage]
    private var added: Set<Identity> = []
    private lazy var known = results.recordsByIdentity()
    /// The names of each study's folder, listed once: most runs of a new study have none.
    private var points: [String: Set<String>] = [:]

    init(_ results: ResultsFolder, trainings: [Identity: StudentStage]) {
        (self.results, self.trainings) = (results, trainings)
    }

    /// Adds a shared stage, and before it the stages that it needs.
    mutating func add(_ stage: Stage) {
        // Stages are compared by value, not by identity: hashing a value takes a hundredth of the time of encoding
        // it.
        guard seen.insert(stage).inserted else { return }
        let identity = stage.identity
        var stage = stage
        if let training = trainings[identity] {
            guard added.insert(identity).inserted else { return }
            stage = .training(training)
        }
        let status = readStatus(of: stage, identity)
        if status != .done { stage.needs.forEach { add($0) } }
        shared.append(Plan.Item(stage: stage, identity: identity, status: status))
    }

    mutating func status(of run: Run, _ stage: Stage, _ identity: Identity) -> StageStatus {
        let status = hasFolder(run) ? readStatus(of: stage, identity) : .pending
        if status != .done, let path = known[identity], path != results.product(stage),
            results.isSealed(path, as: identity)
        {
            return .elsewhere(path)
        }
        return status
    }

    private mutating func readStatus(of stage: Stage, _ identity: Identity) -> StageStatus {
        let status = seals.status(of: results.product(stage), identity) { [results] in
            results.status(stage, identity)
        }
        // The index has the bytes of a training, but not the steps that this study needs.
        return status == .done && !results.hasSnapshots(stage) ? .pending : status
    }

    private mutating func hasFolder(_ run: Run) -> Bool {
        if points[run.study] == nil {
            let names = try? FileManager.default.contentsOfDirectory(atPath: results.study(run.study))
            points[run.study] = Set(names ?? [])
        }
        return points[run.study]!.contains(run.point)
    }
}
