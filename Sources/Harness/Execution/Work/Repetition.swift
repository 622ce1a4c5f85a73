import Foundation
import Results
import Specification
import Storage
import Study

/// The repetition of a run from its record alone, in a folder of its own.
package struct Repetition: Sendable {
    package let original: Record
    package let plan: Plan
    /// The record's identity is the one that this program computes from its specification; otherwise a stage or the
    /// specification has changed its meaning.
    package var isOfThisVersion: Bool { plan.runItems.first?.identity == original.identity }

    /// - Parameters:
    ///   - path: a record.
    ///   - folder: an empty folder for the repetition.
    ///   - cache: a folder of results whose teachers and other shared stages are reused and added to; nil for none.
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

    /// Links the cache, but not its trainings, which are repeated, nor the folders of programs, nor its locks: through them the stage would find
    /// the very record that it is compared with.
    private static func link(_ cache: ResultsFolder, into results: ResultsFolder) throws {
        try ResultsFolder.create(results.cache)
        let stages = (try? FileManager.default.contentsOfDirectory(atPath: cache.cache)) ?? []
        let own = [ResultsFolder.locksName, ResultsFolder.trainingsName, ResultsFolder.plugInsName]
        for stage in stages.sorted() where !own.contains(stage) {
            let target = URL(fileURLWithPath: "\(cache.cache)/\(stage)").path, place = "\(results.cache)/\(stage)"
            guard symlink(target, place) == 0 else { throw FileError(path: place, attempt: "link to the cache") }
        }
    }

    /// The difference between the repetition's record and the original's, once it is there.
    /// - Throws: as `Record.read` does.
    package func compared() throws -> RecordDiff {
        RecordDiff(original, try Record.read(plan.results.record(original.run)))
    }
}
