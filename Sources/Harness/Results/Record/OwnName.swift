import Foundation
import Storage

/// The names that Ablate gives to files of a results folder, which distinguish its own from others: a file of another
/// name is never removed.
enum OwnName {
    /// A folder is one that Ablate has made for a study or for shared products.
    static func isOwnFolder(_ folder: String) -> Bool {
        if (folder as NSString).lastPathComponent == ResultsFolder.cacheName { return FileKind(folder) == .folder }
        return FileKind("\(folder)/\(StudyManifest.fileName)") == .file
    }

    /// A file in a run's folder is one of the run's, or was moved aside or left unfinished there.
    static func isOfRun(_ name: String) -> Bool {
        runFiles.contains(name) || isSetAsideInRun(name) || AtomicFile.isTemporary(name)
    }

    /// A file in a stage's folder of the cache belongs to a product there: `<identity>.h5`, its journal, log and
    /// profile, and files that were moved aside or left unfinished.
    static func isOfCache(_ name: String) -> Bool {
        let parts = name.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, isIdentity(parts[0]) else { return false }
        return cacheSuffixes.contains(String(parts[1])) || isSetAsideInCache(name) || AtomicFile.isTemporary(name)
    }

    /// A file among the data of the cache: `<content>.npz`, decoded pictures, `<content>.f32`, samples that are
    /// mapped, or `<files>.json`, an inspection.
    static func isOfData(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 2 && isIdentity(parts[0]) && ["npz", "f32", "json"].contains(parts[1])
    }

    /// A folder among those of plug-ins: of one stage, by its identity.
    static func isOfPlugIns(_ name: String) -> Bool { isIdentity(Substring(name)) }

    /// A file in a run's folder was moved aside: `run.aside-1.h5`.
    static func isSetAsideInRun(_ name: String) -> Bool {
        original(ofSetAside: name).map(replacedRunFiles.contains) ?? false
    }

    /// A file in a stage's folder of the cache was moved aside: `<identity>.aside-1.journal`.
    static func isSetAsideInCache(_ name: String) -> Bool {
        guard let parts = original(ofSetAside: name)?.split(separator: "."), parts.count == 2 else { return false }
        return isIdentity(parts[0]) && ["h5", "journal"].contains(parts[1])
    }

    /// A file in a stage's folder of the cache is a product: `<identity>.h5`.
    static func isProduct(_ name: String) -> Bool {
        isOfCache(name) && name.hasSuffix(".h5") && !isSetAsideInCache(name)
    }

    /// Files that are moved aside for a new one; the others are overwritten.
    private static let replacedRunFiles = ["run.h5", "run.journal", "student.safetensors", "auxiliary.safetensors"]
    private static let runFiles = replacedRunFiles + ["log.txt", "profile.txt", "grid.png"]
    private static let cacheSuffixes = ["h5", "journal", "log", "profile.txt"]

    /// "run.h5" of "run.aside-2.h5"; nil for a name that `ResultsFolder.setAside` does not give.
    private static func original(ofSetAside name: String) -> String? {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[1].hasPrefix(setAsideMark),
            let number = Int(parts[1].dropFirst(setAsideMark.count)),
            number > 0, parts[1] == "\(setAsideMark)\(number)"
        else { return nil }
        return "\(parts[0]).\(parts[2])"
    }

    /// The number of a file in a run's folder that was moved aside: 2 of `run.aside-2.h5`; nil of another name.
    static func number(ofSetAside name: String) -> Int? {
        guard isSetAsideInRun(name) else { return nil }
        let mark = name.split(separator: ".", omittingEmptySubsequences: false)[1]
        return Int(mark.dropFirst(setAsideMark.count))
    }

    private static let setAsideMark = "aside-"

    /// The beginning of an identity, as files of the cache are named by.
    private static func isIdentity(_ stem: Substring) -> Bool {
        stem.utf8.count == 24 && stem.allSatisfy { "0123456789abcdef".contains($0) }
    }
}
