import Foundation
import Specification
import Storage
import Study

/// The models that a run leaves beside its record. They are part of what is done: one that is missing or damaged is made again.
package enum RunModels {
    private static let names = [CheckpointDescription.Role.student, .auxiliary].map { "\($0.rawValue).safetensors" }

    /// Where they lie, whether they are there or not; nothing beside what is no run's record.
    package static func paths(beside product: String) -> [String] {
        guard product.hasSuffix("/run.h5") else { return [] }
        return names.map { "\(parentFolder(of: product))/\($0)" }
    }

    /// What is wrong with those of a finished run; nil where all are whole.
    /// - Parameter hasAuxiliary: whether the run has trained a second network.
    package static func fault(beside record: String, hasAuxiliary: Bool) -> (path: String, reason: String)? {
        for path in paths(beside: record).prefix(hasAuxiliary ? 2 : 1) {
            if let reason = Checkpoint.fault(of: path) { return (path, reason) }
        }
        return nil
    }
}
