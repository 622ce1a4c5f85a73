import Storage

/// The file signatures of a product and its journal.
struct ProductSignature: Codable, Hashable, Sendable {
    let product, journal: FileSignature

    /// Nil where one of the two is missing.
    init?(_ path: String) {
        guard let product = FileSignature(path), let journal = FileSignature(ResultsFolder.journal(ofProduct: path))
        else { return nil }
        self.init(product: product, journal: journal)
    }

    init(product: FileSignature, journal: FileSignature) { (self.product, self.journal) = (product, journal) }

    func isSettled(step: Int64) -> Bool { product.isSettled(step: step) && journal.isSettled(step: step) }
}
