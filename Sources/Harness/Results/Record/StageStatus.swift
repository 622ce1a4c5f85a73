import Specification
import Storage
import Study

/// The status of a stage.
public enum StageStatus: Hashable, Sendable {
    case done
    /// A record of the same identity lies under another name, and only has to be taken over.
    case elsewhere(String)
    case pending
    /// It failed, with the cause, and is executed again only on request.
    case failed(String)
}

extension ResultsFolder {
    /// The status of a stage, under its own name.
    package func status(_ stage: Stage) -> StageStatus { status(stage, stage.identity) }

    /// A training's product has the weights of all requested steps; true for other products.
    package func hasSnapshots(_ stage: Stage) -> Bool {
        guard case .training(let student) = stage else { return true }
        let product = product(stage)
        let isComplete = try? HDF5File.read(product) { root in
            // A training that diverged has the steps that it reached, and would reach no others.
            guard try root.string("outcome") == "done" else { return true }
            return Set(try root.group("students").numbers("steps").map { Int($0) }).isSuperset(of: student.snapshots)
        }
        return isComplete ?? false
    }

    /// Whether the models beside a run's record are whole; true of other products, and of a run that diverged.
    private func hasModels(_ stage: Stage) -> Bool {
        guard case .run(let run) = stage else { return true }
        let product = product(stage)
        guard (try? HDF5File.read(product, { try $0.string("outcome") })) == "done" else { return true }
        let hasAuxiliary = run.run.specification.student.method.auxiliary != nil
        return RunModels.fault(beside: product, hasAuxiliary: hasAuxiliary) == nil
    }

    /// The same where the identity is known.
    package func status(_ stage: Stage, _ identity: Identity) -> StageStatus {
        guard let journal = try? Journal.read(journal(stage)), journal.identity == identity else { return .pending }
        switch journal.state {
        case .open: return .pending
        case .failed(let cause): return .failed(cause)
        case .sealed(let hash):
            let product = product(stage)
            return FileBytes.has(hash, product) && !Self.isOfOtherLayout(product) && hasSnapshots(stage)
                && hasModels(stage) ? .done : .pending
        }
    }
}
