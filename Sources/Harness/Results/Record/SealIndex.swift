import Foundation
import Specification
import Storage

/// The products of a folder of results that were read and found whole, with their file signatures at that time: one
/// with the same signature need not be read again.
///
/// A product that was modified in any way since, or whose journal was, is read as if it were not in here; so is one
/// that was new when it was read. Over 1,000 finished runs of 50 kB this saves 220 ms. Decay on the disk without a
/// write does not show: a product is read and checked whenever it is used, and `ablate cache verify` reads
/// everything.
///
/// The file is `ABLSEAL2`, then a product an entry, in the order of paths, then the SHA-256 of all of these and of the names of the
/// layouts that were read. A file that is not so counts as none, and nothing is lost without it.
package struct SealIndex: Sendable {
    private struct Entry: Hashable {
        let identity: Identity
        let signature: ProductSignature
    }

    private let results: ResultsFolder
    /// The entries, by the product's path from the folder of results.
    private var entries: [String: Entry]
    private var hasChanged = false
    private let step: Int64

    private static let magic = Array("ABLSEAL2".utf8)
    private static let hashLength = 32
    private static let layouts = Array("\(Record.schema) \(CachedFile.schema)".utf8)

    /// - Parameter step: nanoseconds from one time of a file to the next.
    package init(of results: ResultsFolder, step: Int64 = FileSignature.step) {
        (self.results, self.step) = (results, step)
        entries = FileManager.default.contents(atPath: results.seals).flatMap { Self.entries([UInt8]($0)) } ?? [:]
    }

    /// The status of a product's stage: `done` where its signature is that of a product found whole before, or else
    /// the result of `read`.
    package mutating func status(of product: String, _ identity: Identity, reading read: () -> StageStatus)
        -> StageStatus
    {
        let name = String(product.dropFirst(results.path.count)), before = ProductSignature(product)
        if let before, entries[name] == Entry(identity: identity, signature: before) { return .done }
        let status = read()
        // What was written while it was read, or could be written again without a trace, is to be read again.
        let isKept = status == .done && before?.isSettled(step: step) == true && ProductSignature(product) == before
        let entry = isKept ? before.map { Entry(identity: identity, signature: $0) } : nil
        if entries[name] != entry {
            entries[name] = entry
            hasChanged = true
        }
        return status
    }

    /// Writes the index for the next plan. Where it cannot be written, nothing is lost.
    package func keep() {
        guard hasChanged else { return }
        let present = entries.filter { ProductSignature(results.path + $0.key) == $0.value.signature }
        try? AtomicFile.write(Self.bytes(present), to: results.seals)
    }
}

extension SealIndex {
    private static func bytes(_ entries: [String: Entry]) -> [UInt8] {
        var bytes = magic
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            bytes.append(number: UInt64(name.utf8.count))
            bytes += name.utf8
            bytes += entry.identity.hex.utf8
            bytes.append(number: UInt64(entry.signature.files.count))
            for file in entry.signature.files {
                for value in [
                    file.inode, file.size, UInt64(bitPattern: file.modified), UInt64(bitPattern: file.changed),
                ] {
                    bytes.append(number: value)
                }
            }
        }
        return bytes + SHA256.hash(bytes + layouts)
    }

    /// Nil for bytes that are not an index, or a damaged one.
    private static func entries(_ bytes: [UInt8]) -> [String: Entry]? {
        guard bytes.count >= magic.count + hashLength, bytes.starts(with: magic),
            SHA256.hash(bytes.dropLast(hashLength) + layouts).elementsEqual(bytes.suffix(hashLength))
        else { return nil }
        var rest = bytes[magic.count..<bytes.count - hashLength]
        var entries: [String: Entry] = [:]
        while !rest.isEmpty {
            guard let length = rest.takeNumber(), let name = rest.take(length),
                let hex = rest.take(64), let identity = Identity(hex: String(decoding: hex, as: UTF8.self)),
                let count = rest.takeNumber()
            else { return nil }
            var files: [FileSignature] = []
            while files.count < count {
                guard let file = rest.takeSignature() else { return nil }
                files.append(file)
            }
            entries[String(decoding: name, as: UTF8.self)] = Entry(
                identity: identity, signature: ProductSignature(files: files))
        }
        return entries
    }
}

extension [UInt8] {
    /// Eight bytes, the least first.
    fileprivate mutating func append(number: UInt64) {
        for shift in stride(from: UInt64(0), to: 64, by: 8) { append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}

extension ArraySlice<UInt8> {
    fileprivate mutating func take(_ count: UInt64) -> ArraySlice<UInt8>? {
        guard count <= UInt64(self.count) else { return nil }
        defer { self = dropFirst(Int(count)) }
        return prefix(Int(count))
    }

    fileprivate mutating func takeNumber() -> UInt64? {
        take(8).map { $0.reversed().reduce(0) { $0 << 8 | UInt64($1) } }
    }

    fileprivate mutating func takeSignature() -> FileSignature? {
        guard let inode = takeNumber(), let size = takeNumber(), let modified = takeNumber(), let changed = takeNumber()
        else { return nil }
        return FileSignature(
            inode: inode, size: size, modified: Int64(bitPattern: modified), changed: Int64(bitPattern: changed))
    }
}
