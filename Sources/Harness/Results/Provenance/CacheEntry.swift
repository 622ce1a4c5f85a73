import Foundation
import Specification
import Storage

/// A piece of shared work in the cache, as it is found there.
package struct CacheEntry: Sendable {
    /// The product; what else lies beside it under its name belongs to it.
    package let path: String
    /// "teacher", "classifier", "reference", "training".
    package let stage: String
    /// Nil where the file cannot be read.
    package let identity: Identity?
    /// Of the product and of what belongs to it.
    package let bytes: Int
    package let changed: Date
    /// How many records were made from it.
    package let users: Int
    /// Whether a study's last plan names it.
    package let isPlanned: Bool
    /// Whether it lies behind a link, as `rerun --keep` leaves them: then it belongs to another folder of results, whose records
    /// nobody has asked.
    package let isLinked: Bool

    /// Whether it can go without a run having to make it again.
    package var isIdle: Bool { users == 0 && !isPlanned && !isLinked }

    /// The files that go with it.
    package var files: [String] { Self.family(of: path) }

    /// The product and what Ablate has left beside it under its name: plain files.
    static func family(of path: String) -> [String] {
        let folder = parentFolder(of: path), stem = (path as NSString).lastPathComponent.split(separator: ".")[0] + "."
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(stem) && OwnName.isOfCache($0) }.sorted().map { "\(folder)/\($0)" }
            .filter { FileKind($0) == .file }
    }
}

extension ResultsFolder {
    /// What the cache holds, by stage and name.
    package func cacheEntries() -> [CacheEntry] {
        let users = cacheUsers(), planned = plannedWork()
        return cacheStages.flatMap { stage -> [CacheEntry] in
            let folder = "\(cache)/\(stage)"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            let isBehindLink = FileKind(cache) == .link || FileKind(folder) == .link
            return names.sorted().filter(OwnName.isProduct).map { name in
                let path = "\(folder)/\(name)", identity = CachedFile.identity(in: path)
                let attributes = try? FileManager.default.attributesOfItem(atPath: path)
                return CacheEntry(
                    path: path, stage: stage, identity: identity,
                    bytes: CacheEntry.family(of: path).reduce(0) { $0 + Self.bytes(of: $1) },
                    changed: attributes?[.modificationDate] as? Date ?? .distantPast,
                    users: identity.map { users[$0] ?? 0 } ?? 0, isPlanned: identity.map(planned.contains) ?? false,
                    isLinked: isBehindLink || FileKind(path) == .link)
            }
        }
    }

    /// The links in the place of the cache and of its stages, and where they lead.
    package func cacheLinks() -> [(path: String, target: String)] {
        ([cache] + cacheStages.map { "\(cache)/\($0)" }).compactMap { path in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: path)).map { (path, $0) }
        }
    }

    /// Removes pieces of shared work with what belongs to them.
    /// - Throws: `FileError` at the first file that cannot be removed.
    package func remove(_ entries: [CacheEntry]) throws { try removeFiles(entries.flatMap(\.files)) }

    var cacheStages: [String] { ["teacher", "classifier", "reference", Self.trainingsName] }

    /// How many records were made from each piece of shared work.
    func cacheUsers() -> [Identity: Int] {
        var users: [Identity: Int] = [:]
        for path in recordFiles() {
            guard let fingerprint = try? RunFingerprint.read(path).fingerprint else { continue }
            for input in fingerprint.inputs { users[input.identity, default: 0] += 1 }
        }
        return users
    }

    /// The bytes of a file; 0 where there is none.
    static func bytes(of path: String) -> Int {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int) ?? 0
    }
}

extension CacheEntry {
    /// What is wrong with it; nil where it is whole and is what its name says.
    package func fault(in results: ResultsFolder) -> String? {
        guard let identity else { return "it cannot be read, or is of another schema" }
        guard (path as NSString).lastPathComponent.hasPrefix(identity.hex.prefix(24)) else {
            return "it is \(identity.short), which its name does not say"
        }
        return results.isSealed(path, as: identity) ? nil : "its bytes are not those that were sealed"
    }
}
