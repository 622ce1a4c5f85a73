import Foundation
import Specification
import Storage

/// What is known of the products in one folder: of the cache, or of a study. It has the products that were read and found whole, with
/// their file signatures at that time, and of records also a summary: one with the same signature need not be read again.
///
/// A product that was modified in any way since, or whose journal or models were, is read as if it were not in here; so is one that
/// was new when it was read. Decay on the disk without a write does not show: a product is read and checked whenever it is used, and
/// `ablate cache verify` reads everything. `ProductCache+File` describes the file; nothing is lost without it.
package struct ProductCache: Sendable {
    struct Entry: Sendable {
        let identity: Identity
        let signature: ProductSignature
        /// Whether it was found to be all that its stage leaves, and not only readable.
        var isDone: Bool
        var summary = Payload()
    }

    /// Bytes with a checksum, which is compared when they are used.
    struct Payload: Sendable {
        var bytes = Data()
        var checksum: UInt32 = 0

        init() {}
        init(_ bytes: Data) { (self.bytes, checksum) = (bytes, Checksum.crc32(bytes)) }
        init(bytes: Data, checksum: UInt32) { (self.bytes, self.checksum) = (bytes, checksum) }

        /// Nil where there are none, or others than were written.
        var whole: Data? { !bytes.isEmpty && Checksum.crc32(bytes) == checksum ? bytes : nil }
    }

    /// What was concluded from all records of a study, for the fingerprint of what it was concluded from.
    struct KeptConclusion: Sendable {
        let fingerprint: Identity
        let content: Payload
    }

    /// The folder.
    let folder: String
    /// The entries, by the product's path from the folder.
    private(set) var entries: [String: Entry]
    private(set) var latest: KeptConclusion?
    private var hasChanged = false
    private let step: Int64

    static let fileName = "summaries"

    /// The file.
    package var path: String { "\(folder)/\(Self.fileName)" }

    /// - Parameter step: nanoseconds from one time of a file to the next.
    package init(of folder: String, step: Int64 = FileSignature.step) {
        (self.folder, self.step) = (folder, step)
        (entries, latest) = Self.content(of: "\(folder)/\(Self.fileName)") ?? ([:], nil)
    }

    /// The status of a product's stage: `done` where its signature is that of a product found whole before, or else
    /// the result of `read`.
    package mutating func status(of product: String, _ identity: Identity, reading read: () -> StageStatus)
        -> StageStatus
    {
        let name = name(of: product), before = ProductSignature(product), known = entries[name]
        let isSame = before != nil && known?.signature == before && known?.identity == identity
        if isSame, known?.isDone == true { return .done }
        let status = read()
        guard status == .done, let before, isKept(product, before) else {
            if known != nil, !isSame || status != .done { forget(name) }
            return status
        }
        entries[name] = Entry(
            identity: identity, signature: before, isDone: true, summary: isSame ? known?.summary ?? .init() : .init())
        hasChanged = true
        return status
    }

    /// A record: from its summary where its signature is that of one read before, or else the result of `read`.
    package mutating func record(_ path: String, reading read: () throws -> Record) rethrows -> Record {
        let name = name(of: path), before = ProductSignature(path), known = entries[name]
        let isSame = before != nil && known?.signature == before
        if isSame, let bytes = known?.summary.whole, let record = RecordSummary.record(bytes, in: path) {
            return record
        }
        let record = try read()
        guard let before, isKept(path, before), let bytes = RecordSummary.bytes(of: record) else { return record }
        entries[name] = Entry(
            identity: record.identity, signature: before,
            isDone: isSame && known?.identity == record.identity && known?.isDone == true, summary: Payload(bytes))
        hasChanged = true
        return record
    }

    /// What was concluded from what a fingerprint is of; nil where it was something else.
    package func conclusion(for fingerprint: Identity) -> Data? {
        latest?.fingerprint == fingerprint ? latest?.content.whole : nil
    }

    /// Takes note of a conclusion, in place of the one before.
    package mutating func conclude(_ content: Data, from fingerprint: Identity) {
        latest = KeptConclusion(fingerprint: fingerprint, content: Payload(content))
        hasChanged = true
    }

    /// Writes the file for the next command, in a folder that this program has made. Where it cannot be written, nothing is lost.
    package func keep() {
        guard hasChanged, OwnName.isOwnFolder(folder) else { return }
        let present = entries.filter { ProductSignature("\(folder)/\($0.key)") == $0.value.signature }
        try? AtomicFile.write(Self.bytes(present, latest), to: path, isDurable: false)
    }

    private func name(of product: String) -> String { String(product.dropFirst(folder.count + 1)) }

    private mutating func forget(_ name: String) {
        entries[name] = nil
        hasChanged = true
    }

    /// What was written while it was read, or could be written again without a trace, is to be read again.
    private func isKept(_ product: String, _ before: ProductSignature) -> Bool {
        before.isSettled(step: step) && ProductSignature(product) == before
    }
}

/// The caches of a folder of results, each read when a product of its folder is first asked for.
package struct ProductCaches: Sendable {
    private var caches: [String: ProductCache] = [:]

    package init() {}

    /// As `ProductCache.status`.
    package mutating func status(of product: String, _ identity: Identity, reading read: () -> StageStatus)
        -> StageStatus
    {
        let folder = parentFolder(of: parentFolder(of: product))
        return caches[folder, default: ProductCache(of: folder)].status(of: product, identity, reading: read)
    }

    /// As `ProductCache.record`.
    package mutating func record(_ path: String, reading read: () throws -> Record) rethrows -> Record {
        let folder = parentFolder(of: parentFolder(of: path))
        return try caches[folder, default: ProductCache(of: folder)].record(path, reading: read)
    }

    /// Writes those that have changed.
    package func keep() { for cache in caches.values { cache.keep() } }
}
