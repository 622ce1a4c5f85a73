import Foundation
import Specification

/// A piece of shared work in the cache, as it is found there.
package struct CacheEntry: Sendable {
    /// The product; what else lies beside it under its name belongs to it.
    package let path: String
    /// "teacher", "classifier", "reference".
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

    /// Whether it can go without a run having to make it again.
    package var isIdle: Bool { users == 0 && !isPlanned }

    /// The files that go with it.
    package var files: [String] { Self.family(of: path) }

    /// The product and what lies beside it under its name.
    static func family(of path: String) -> [String] {
        let folder = parentFolder(of: path), stem = (path as NSString).lastPathComponent.split(separator: ".")[0] + "."
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return names.filter { $0.hasPrefix(stem) }.sorted().map { "\(folder)/\($0)" }
    }
}

extension ResultsFolder {
    /// What the cache holds, by stage and name.
    package func cacheEntries() -> [CacheEntry] {
        let users = cacheUsers(), planned = plannedWork()
        return cacheStages.flatMap { stage -> [CacheEntry] in
            let folder = "\(cache)/\(stage)"
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
            // "0123.h5", not "0123.aside-1.h5".
            return names.sorted().filter { $0.hasSuffix(".h5") && $0.split(separator: ".").count == 2 }.map { name in
                let path = "\(folder)/\(name)", identity = CachedFile.identity(in: path)
                let attributes = try? FileManager.default.attributesOfItem(atPath: path)
                return CacheEntry(
                    path: path, stage: stage, identity: identity,
                    bytes: CacheEntry.family(of: path).reduce(0) { $0 + Self.bytes(of: $1) },
                    changed: attributes?[.modificationDate] as? Date ?? .distantPast,
                    users: identity.map { users[$0] ?? 0 } ?? 0, isPlanned: identity.map(planned.contains) ?? false)
            }
        }
    }

    private var cacheStages: [String] { ["teacher", "classifier", "reference"] }

    /// How many records were made from each piece of shared work.
    func cacheUsers() -> [Identity: Int] {
        var users: [Identity: Int] = [:]
        for path in recordFiles() {
            guard let grounds = try? Grounds.read(path).grounds else { continue }
            for input in grounds.inputs { users[input.identity, default: 0] += 1 }
        }
        return users
    }

    /// The bytes of a file, or of all files in a folder; 0 where there is none.
    static func bytes(of path: String) -> Int {
        let manager = FileManager.default
        func size(_ path: String) -> Int {
            ((try? manager.attributesOfItem(atPath: path))?[.size] as? Int) ?? 0
        }
        var isFolder: ObjCBool = false
        guard manager.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else { return size(path) }
        let names = manager.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
        return names.reduce(0) { sum, name in
            let inner = "\(path)/\(name)"
            return manager.fileExists(atPath: inner, isDirectory: &isFolder) && !isFolder.boolValue
                ? sum + size(inner) : sum
        }
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
