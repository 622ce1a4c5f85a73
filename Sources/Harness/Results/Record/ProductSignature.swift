import Foundation
import Storage

/// A product, its journal and the models beside it as they lie.
struct ProductSignature: Hashable, Sendable {
    /// The product and its journal, then the models of a run in a fixed order, as far as they are there.
    let files: [FileSignature]

    /// Nil where the product or its journal is missing.
    init?(_ path: String) {
        guard let product = FileSignature(path), let journal = FileSignature(ResultsFolder.journal(ofProduct: path))
        else { return nil }
        files = [product, journal] + RunModels.paths(beside: path).compactMap { FileSignature($0) }
    }

    init(files: [FileSignature]) { self.files = files }

    func isSettled(step: Int64) -> Bool { files.allSatisfy { $0.isSettled(step: step) } }
}
