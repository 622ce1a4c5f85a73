import Foundation

/// A run that is repeated from its record alone, in a folder of its own.
public struct Repetition: Sendable {
    public let original: Record
    public let plan: Plan
    /// The record's identity, and the one that this program gives to its specification: where they differ, a stage or the
    /// specification means something else than it did.
    public var isOfThisVersion: Bool { plan.runItems.first?.identity == original.identity }

    /// - Parameters:
    ///   - path: a record.
    ///   - folder: where the repetition goes, empty.
    ///   - cache: a folder of results whose teachers and other shared work are taken and added to; nil for none.
    /// - Throws: as `Record.read` does, and `FileError`.
    public init(of path: String, in folder: String, sharing cache: ResultsFolder?) throws {
        original = try Record.read(path)
        let results = ResultsFolder(folder)
        if let cache { try Self.link(cache, into: results) }
        plan = Plan(Study(original.run), results: results)
    }

    /// The results folder that a record lies in, where that is one with a cache.
    public static func results(around path: String) -> ResultsFolder? {
        let folder = parentFolder(of: parentFolder(of: parentFolder(of: URL(fileURLWithPath: path).path)))
        let results = ResultsFolder(folder)
        return FileManager.default.fileExists(atPath: results.cache) ? results : nil
    }

    private static func link(_ cache: ResultsFolder, into results: ResultsFolder) throws {
        try ResultsFolder.create(results.path)
        let target = URL(fileURLWithPath: cache.cache).path
        guard symlink(target, results.cache) == 0 else {
            throw FileError(path: results.cache, attempt: "link to the cache")
        }
    }

    /// How the repetition's record differs from the original's, once it is there.
    /// - Throws: as `Record.read` does.
    public func compared() throws -> RecordComparison {
        RecordComparison(original, try Record.read(plan.results.record(original.run)))
    }
}
