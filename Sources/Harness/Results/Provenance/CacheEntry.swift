import Foundation
import Specification
import Storage
import Study

/// The product of a shared stage, or what was found in data files, as it lies in the cache.
package struct CacheEntry: Sendable {
    /// The path of the product; other files beside it with its stem belong to it.
    package let path: String
    /// "teacher", "classifier", "reference", "training", "data".
    package let stage: String
    /// Nil where the file cannot be read, and of data.
    package let identity: Identity?
    /// The size of the product and of the files that belong to it.
    package let bytes: Int
    package let changed: Date
    /// The number of records that were made from it.
    package let users: Int
    /// A study's last plan contains it.
    package let isPlanned: Bool
    /// It lies behind a link, as `rerun --keep` creates them: then it belongs to another folder of results, whose
    /// records are not counted here.
    package let isLinked: Bool

    /// It can be removed without a run having to make it again.
    package var isIdle: Bool { users == 0 && !isPlanned && !isLinked }

    /// The files that are removed with it.
    package var files: [String] { stage == ResultsFolder.dataName ? [path] : Self.family(of: path) }

    /// The beginning of its identity, or of the name of data; "unreadable" where a product cannot be read.
    package var name: String {
        guard stage == ResultsFolder.dataName else { return identity?.short ?? "unreadable" }
        return String((path as NSString).lastPathComponent.prefix(12))
    }

    /// The product and the plain files that Ablate has written beside it under its stem.
    static func family(of path: String) -> [String] {
        let folder = parentFolder(of: path), stem = (path as NSString).lastPathComponent.split(separator: ".")[0] + "."
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(stem) && OwnName.isOfCache($0) }.sorted().map { "\(folder)/\($0)" }
            .filter { FileKind($0) == .file }
    }
}

extension ResultsFolder {
    /// The entries of the cache, by stage and name.
    /// - Parameter isUseCounted: whether the records that were made from each are counted, for which all have to be opened.
    package func cacheEntries(isUseCounted: Bool = true) -> [CacheEntry] {
        let (users, contents) = isUseCounted ? cacheUsers() : ([:], [:])
        let planned = isUseCounted ? plannedWork() : []
        return dataEntries(contents)
            + cacheStages.flatMap { stage -> [CacheEntry] in
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

    /// The links in place of the cache and of its stages, with their targets.
    package func cacheLinks() -> [(path: String, target: String)] {
        ([cache] + (cacheStages + [Self.dataName]).map { "\(cache)/\($0)" }).compactMap { path in
            (try? FileManager.default.destinationOfSymbolicLink(atPath: path)).map { (path, $0) }
        }
    }

    /// Removes shared products with the files that belong to them.
    /// - Throws: `FileError` at the first file that cannot be removed.
    package func remove(_ entries: [CacheEntry]) throws { try removeFiles(entries.flatMap(\.files)) }

    var cacheStages: [String] { ["teacher", "classifier", "reference", Self.trainingsName] }

    /// The number of records that were made from each shared product.
    /// - Returns: by products' identities, and by the beginnings of the contents of their data.
    func cacheUsers() -> (products: [Identity: Int], contents: [String: Int]) {
        var users: [Identity: Int] = [:], contents: [String: Int] = [:]
        let hasData = FileKind("\(cache)/\(Self.dataName)") == .folder
        for path in recordFiles() {
            guard let used = try? RunFingerprint.uses(of: path, withData: hasData) else { continue }
            for input in used.inputs { users[input.identity, default: 0] += 1 }
            for content in used.data { contents[String(content.prefix(24)), default: 0] += 1 }
        }
        return (users, contents)
    }

    /// The bytes of a file; 0 where there is none.
    static func bytes(of path: String) -> Int {
        ((try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int) ?? 0
    }
}

extension CacheEntry {
    /// The fault of the entry; nil where it is whole and matches its name.
    package func fault(in results: ResultsFolder) -> String? {
        guard stage != ResultsFolder.dataName else { return DataCache.fault(of: path) }
        guard let identity else { return "it cannot be read, or is of another schema" }
        guard (path as NSString).lastPathComponent.hasPrefix(identity.hex.prefix(24)) else {
            return "it is \(identity.short), which its name does not say"
        }
        return results.isSealed(path, as: identity) ? nil : "its bytes are not those that were sealed"
    }
}
