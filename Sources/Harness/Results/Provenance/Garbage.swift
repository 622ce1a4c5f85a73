import Foundation
import Storage
import Study

/// A file or folder of results that no study needs any more. It is only removed on demand.
package struct Garbage: Sendable {
    /// A file, or a run's folder.
    package let path: String
    /// The plain files that go with it, each of a name that only Ablate gives.
    package let files: [String]
    /// The names of other files in the run's folder: they stay, and the folder with them.
    package let kept: [String]
    /// The size of the files that are removed.
    package let bytes: Int
    package let reason: Reason

    package enum Reason: Sendable {
        /// The study of the folder has no run of this name.
        case unnamedRun
        /// It was moved aside for a new file: it is of another specification or version, or damaged.
        case setAside
        /// A writer was killed before the file was whole.
        case unfinished
        /// What a program of an evaluation received from a worker that was killed.
        case abandoned
    }

    fileprivate init(file path: String, _ reason: Reason) {
        (self.path, self.reason) = (path, reason)
        (files, kept, bytes) = ([path], [], ResultsFolder.bytes(of: path))
    }

    /// A folder of programs that nobody holds.
    init(plugIns path: String) {
        (self.path, reason, files, kept) = (path, .abandoned, [], [])
        bytes = FileKind.files(below: path).reduce(0) { $0 + ResultsFolder.bytes(of: "\(path)/\($1)") }
    }

    /// The folder of a run that the study does not name.
    fileprivate init(run path: String) {
        (self.path, reason) = (path, .unnamedRun)
        let names = ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
        let own = names.filter { OwnName.isOfRun($0) && FileKind("\(path)/\($0)") == .file }
        files = own.map { "\(path)/\($0)" }
        kept = names.filter { !own.contains($0) }
        bytes = files.reduce(0) { $0 + ResultsFolder.bytes(of: $1) }
    }
}

extension ResultsFolder {
    /// The garbage in the order of paths, and the studies for which it is unknown, since they have no list of their
    /// runs. Links are not followed.
    /// - Throws: `InputError` where there is no such folder, or it does not contain results.
    package func garbage() throws -> (garbage: [Garbage], unlisted: [String]) {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path).sorted() else {
            throw InputError(path: path, attempt: "list the results", reason: "No such folder")
        }
        try checkHoldsResults(names)
        var garbage: [Garbage] = [], unlisted: [String] = []
        for study in names where study != Self.cacheName && FileKind("\(path)/\(study)") == .folder {
            guard let points = namedPoints(of: study) else {
                if !runFolders(of: study).isEmpty { unlisted.append(study) }
                continue
            }
            let spared = hasChosenSeeds(study) ? Set(points.map(Self.arm)) : []
            garbage += runFolders(of: study).filter { !points.contains($0) && !spared.contains(Self.arm($0)) }.map {
                Garbage(run: "\(self.study(study))/\($0)")
            }
        }
        garbage += abandonedPlugIns()
        let known = garbage.map { $0.path + "/" } + [plugIns + "/"]
        garbage += leftovers().filter { file in !known.contains { file.path.hasPrefix($0) } }
        return (garbage.sorted { $0.path < $1.path }, unlisted)
    }

    /// The name of a run without its seed: "objective=combined" of "objective=combined,seed=3".
    private static func arm(_ point: String) -> String {
        point.split(separator: ",").filter { !$0.hasPrefix("\(Study.seedAxis)=") }.joined(separator: ",")
    }

    /// Files set aside, and what killed writers left.
    private func leftovers() -> [Garbage] {
        var spared: [String: Set<Int>] = [:]
        return FileKind.files(below: path).compactMap { place in
            let parts = place.split(separator: "/").map(String.init), name = parts.last ?? ""
            let isSetAside =
                parts.count == 3
                && (parts[0] == Self.cacheName ? OwnName.isSetAsideInCache(name) : OwnName.isSetAsideInRun(name))
            let reason: Garbage.Reason? =
                isSetAside ? .setAside : AtomicFile.isTemporary(name) ? .unfinished : nil
            if reason == .setAside, parts[0] != Self.cacheName, let number = OwnName.number(ofSetAside: name) {
                let run = "\(parts[0])/\(parts[1])"
                if spared[run] == nil { spared[run] = earlierEvaluations(in: "\(path)/\(run)") }
                if spared[run]?.contains(number) ?? false { return nil }
            }
            return reason.map { Garbage(file: "\(path)/\(place)", $0) }
        }
    }

    /// The numbers of the records of a run's folder that were set aside for another evaluation of the same training: nothing that
    /// was trained is superseded, and going back to that evaluation makes the same record.
    private func earlierEvaluations(in folder: String) -> Set<Int> {
        guard let current = try? RunFingerprint.read("\(folder)/run.h5").fingerprint.training else { return [] }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return Set(
            names.filter { $0.hasSuffix(".h5") }.compactMap { name in
                guard let number = OwnName.number(ofSetAside: name) else { return nil }
                return (try? RunFingerprint.read("\(folder)/\(name)").fingerprint.training) == current ? number : nil
            })
    }

    /// The folders of a study that contain a record of Ablate's, whole or with its journal.
    private func runFolders(of study: String) -> [String] {
        let folder = self.study(study)
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted().filter { name in
            let record = "\(folder)/\(name)/run.h5"
            return FileKind("\(folder)/\(name)") == .folder && FileKind(record) == .file
                && (Self.isJournal(Self.journal(ofProduct: record)) || (try? RunFingerprint.read(record)) != nil)
        }
    }

    /// Removes files of these results, and the folders of unnamed runs that are empty then.
    /// - Throws: `FileError` at the first that cannot be removed.
    package func remove(_ garbage: [Garbage]) throws {
        for item in garbage {
            if item.reason == .abandoned { try removeAbandoned(item.path) }
            try removeFiles(item.files)
            guard item.reason == .unnamedRun, item.kept.isEmpty else { continue }
            guard rmdir(item.path) == 0 else { throw FileError(path: item.path, attempt: "remove the folder") }
        }
    }

    /// Removes plain files of these results.
    /// - Throws: `FileError` at the first that cannot be removed, or is no plain file.
    func removeFiles(_ paths: [String]) throws {
        for path in paths {
            precondition(path.hasPrefix(self.path + "/"), "\(path) is not in \(self.path)")
            guard FileKind(path) == .file else {
                throw FileError(path: path, attempt: "remove the file", reason: "it is no plain file any more")
            }
            guard unlink(path) == 0 else { throw FileError(path: path, attempt: "remove the file") }
        }
    }
}

extension ResultsFolder {
    /// Checks that the folder contains results of Ablate: a study that was run, a run's journal, or one of the cache.
    /// - Throws: `InputError` where none is found.
    private func checkHoldsResults(_ names: [String]) throws {
        guard !names.contains(where: { $0 != Self.cacheName && isStudy($0) }), !hasCache else { return }
        let found =
            names.isEmpty
            ? "an empty folder"
            : names.prefix(Self.namesShown).joined(separator: ", ").onOneLine
                + (names.count > Self.namesShown ? " and \(names.count - Self.namesShown) more" : "")
        throw InputError(
            path: path, attempt: "list what is left over",
            reason: """
                it is no folder of results
                  found: \(found)
                  allowed: a folder with <study>/study.json, <study>/<run>/run.journal or cache/<stage>/<identity>.journal in it, as ablate run leaves them
                """)
    }

    private static let namesShown = 4

    private func isStudy(_ name: String) -> Bool {
        if namedPoints(of: name) != nil { return true }
        let points = (try? FileManager.default.contentsOfDirectory(atPath: study(name))) ?? []
        return points.contains { Self.isJournal("\(study(name))/\($0)/run.journal") }
    }

    private var hasCache: Bool {
        cacheStages.contains { stage in
            let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(cache)/\(stage)")) ?? []
            return names.contains { OwnName.isOfCache($0) && Self.isJournal("\(cache)/\(stage)/\($0)") }
        }
    }

    private static func isJournal(_ path: String) -> Bool {
        path.hasSuffix(".journal") && (try? Journal.read(path))?.identity != nil
    }
}
