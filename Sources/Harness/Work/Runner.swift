import FlowMaps
import Foundation

/// Carries out a plan: shared work first, several pieces at a time, a failure being that piece's alone.
public struct Runner: Sendable {
    public enum Event: Sendable {
        /// A file of another specification or version, or a damaged one, gave way.
        case setAside(path: String, as: String)
        case began(Work)
        case advanced(Work, Worker.Progress)
        case ended(Work, Ending)
    }

    private let plan: Plan
    private let launcher: any Launcher
    private let jobs: Int
    private let observe: @Sendable (Event) -> Void

    /// - Parameters:
    ///   - jobs: pieces of work at a time, at least 1.
    ///   - observe: told of all that happens, from several threads.
    public init(
        _ plan: Plan, launcher: any Launcher, jobs: Int, observe: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        precondition(jobs >= 1, "work needs at least one job, not \(jobs)")
        (self.plan, self.launcher, self.jobs, self.observe) = (plan, launcher, jobs, observe)
    }

    /// - Returns: how each piece that was not done before ended, in the order in which they did.
    /// - Throws: `FileError` where the study's folder cannot be written.
    public func run() async throws -> [(work: Work, ending: Ending)] {
        let folder = plan.results.study(plan.study.name)
        try ResultsFolder.create(folder)
        try AtomicFile.write(Array(plan.study.text.utf8), to: "\(folder)/study.yaml")
        try takeOver()
        // What another process finished since the plan was made is no file to give way.
        for item in plan.pending where !plan.results.isDone(item.work) {
            try setAside(plan.results.product(item.work))
        }
        let estimate = Estimate(from: [])
        var waiting = plan.pending.map(\.work).sorted { estimate.seconds($0) > estimate.seconds($1) }
        var missing = Set(waiting.map(\.identity)), broken: [Identity: String] = [:]
        var endings: [(Work, Ending)] = []

        await withTaskGroup(of: (Work, Ending).self) { group in
            var running = 0
            func start() {
                while running < jobs {
                    let ready = waiting.firstIndex { work in
                        work.needs.allSatisfy { !missing.contains($0.identity) || broken[$0.identity] != nil }
                    }
                    guard let ready else { return }
                    let work = waiting.remove(at: ready)
                    let brokenNeed = work.needs.first { broken[$0.identity] != nil }
                    running += 1
                    group.addTask { [broken] in
                        if let need = brokenNeed {
                            return (work, .failed("\(need.title) failed: \(broken[need.identity]!)"))
                        }
                        observe(.began(work))
                        let ending = await launcher.launch(work, in: plan.results) { observe(.advanced(work, $0)) }
                        return (work, ending)
                    }
                }
            }
            start()
            for await (work, ending) in group {
                running -= 1
                if case .failed(let cause) = ending {
                    broken[work.identity] = cause
                } else {
                    missing.remove(work.identity)
                }
                observe(.ended(work, ending))
                endings.append((work, ending))
                start()
            }
        }
        return endings
    }

    private func setAside(_ path: String) throws {
        if let aside = try ResultsFolder.setAside(path) { observe(.setAside(path: path, as: aside)) }
    }

    /// Writes the records that lie under other names where this study looks for them.
    ///
    /// All are read before any is written: where two arms have changed names, each lies where the other is to be.
    private func takeOver() throws {
        let records = try plan.items.compactMap { item -> (Record, models: [(name: String, content: Data)])? in
            guard case .elsewhere(let path) = item.status, case .run(let work) = item.work else { return nil }
            return (try Record.read(path).relabelled(work.run), ResultsFolder.models(beside: path))
        }
        for (record, models) in records {
            let folder = plan.results.point(record.run)
            try ResultsFolder.create(folder)
            try setAside(plan.results.record(record.run))
            try record.drawGrid(to: "\(folder)/grid.png")
            for (name, content) in models {
                try setAside("\(folder)/\(name)")
                try AtomicFile.write(content, to: "\(folder)/\(name)")
            }
            try record.write(to: plan.results.record(record.run))
        }
    }
}

extension Record {
    /// The same record under the names of another study's run of the same specification.
    func relabelled(_ run: Run) -> Record {
        precondition(RunWork(run: run).identity == identity, "only names and places may differ")
        return Record(
            run: run, identity: identity, outcome: outcome, training: training, evaluation: evaluation,
            reference: reference, features: features, drift: drift, samples: samples, provenance: provenance)
    }
}
