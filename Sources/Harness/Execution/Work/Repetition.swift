import Foundation
import Results
import Specification
import Storage
import Study

/// A run that is repeated from its record alone, in a folder of its own.
package struct Repetition: Sendable {
    package let original: Record
    package let plan: Plan
    /// The record's identity, and the one that this program gives to its specification: where they differ, a stage or the
    /// specification means something else than it did.
    package var isOfThisVersion: Bool { plan.runItems.first?.identity == original.identity }

    /// - Parameters:
    ///   - path: a record.
    ///   - folder: where the repetition goes, empty.
    ///   - cache: a folder of results whose teachers and other shared work are taken and added to; nil for none.
    /// - Throws: as `Record.read` does, and `FileError`.
    package init(of path: String, in folder: String, sharing cache: ResultsFolder?) throws {
        original = try Record.read(path)
        let results = ResultsFolder(folder)
        if let cache { try Self.link(cache, into: results) }
        plan = Plan(Study(original.run), results: results)
    }

    /// The results folder that a record lies in, where that is one with a cache.
    package static func results(around path: String) -> ResultsFolder? {
        let folder = parentFolder(of: parentFolder(of: parentFolder(of: URL(fileURLWithPath: path).path)))
        let results = ResultsFolder(folder)
        return FileManager.default.fileExists(atPath: results.cache) ? results : nil
    }

    /// Shares what lies in the cache, but not its trainings, which are what is repeated, nor its locks: by them the work would find
    /// the very record it is to be compared with.
    private static func link(_ cache: ResultsFolder, into results: ResultsFolder) throws {
        try ResultsFolder.create(results.cache)
        let stages = (try? FileManager.default.contentsOfDirectory(atPath: cache.cache)) ?? []
        for stage in stages.sorted() where ![ResultsFolder.locksName, ResultsFolder.trainingsName].contains(stage) {
            let target = URL(fileURLWithPath: "\(cache.cache)/\(stage)").path, place = "\(results.cache)/\(stage)"
            guard symlink(target, place) == 0 else { throw FileError(path: place, attempt: "link to the cache") }
        }
    }

    /// How the repetition's record differs from the original's, once it is there.
    /// - Throws: as `Record.read` does.
    package func compared() throws -> RecordDiff {
        RecordDiff(original, try Record.read(plan.results.record(original.run)))
    }
}
