import Foundation
import Results
import Specification
import Storage
import Study

/// The summary of a study's records, as `ablate run` prints it at its end.
package struct StudySummary: Codable, Sendable {
    package let table: Table
    /// The results of the study's claims; nil where it has none.
    package let claims: Table?
    /// The number of records, and of those of diverged runs.
    package let records, diverged: Int
    /// The files that were written from the records.
    package let paths: [String]

    package init(table: Table, claims: Table?, records: Int, diverged: Int, paths: [String]) {
        (self.table, self.claims, self.records, self.diverged) = (table, claims, records, diverged)
        self.paths = paths
    }
}

/// A summary with a fingerprint of the records that it was made from.
private struct StudySummaryCache: Codable {
    let fingerprint: Identity
    let summary: StudySummary
    /// The signatures of the files that were written.
    let written: [FileSignature]

    private static let hashLength = 32

    /// Nil where there is none that is whole.
    init?(_ path: String) {
        guard let bytes = FileManager.default.contents(atPath: path).map([UInt8].init), bytes.count > Self.hashLength,
            SHA256.hash(bytes.dropFirst(Self.hashLength)).elementsEqual(bytes.prefix(Self.hashLength)),
            let kept = try? PropertyListDecoder().decode(Self.self, from: Data(bytes.dropFirst(Self.hashLength)))
        else { return nil }
        self = kept
    }

    init(_ summary: StudySummary, on fingerprint: Identity) {
        (self.summary, self.fingerprint) = (summary, fingerprint)
        written = summary.paths.compactMap { FileSignature($0) }
    }

    /// The written files are unchanged.
    var isThere: Bool { summary.paths.compactMap { FileSignature($0) } == written }

    /// Writes a binary property list, behind its hash: every number is preserved, also those that are not finite.
    func write(to path: String) throws {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        let bytes = [UInt8](try encoder.encode(self))
        try AtomicFile.write(SHA256.hash(bytes) + bytes, to: path)
    }
}

extension ResultsFolder {
    /// The summary of a study's records, with the table and the grid of samples written beside them, and the records
    /// that could not be read, with the reason.
    ///
    /// It comes from the cache where program, study and records are unchanged and the files written then are there:
    /// reading 1,000 records takes two seconds. Where records were modified within the last seconds, or cannot be
    /// read, or the cache cannot be written, nothing is cached.
    /// - Parameter identities: the identities of all runs that the study names.
    /// - Throws: `InputError`, `FileError`, `PNGError`.
    package func summary(of study: Study, identities: [String: Identity]) throws -> (
        summary: StudySummary, unreadable: [(path: String, reason: String)]
    ) {
        let path = "\(self.study(study.name))/\(Self.conclusionName)"
        let fingerprint = fingerprint(of: study, identities)
        if let fingerprint, let kept = StudySummaryCache(path), kept.fingerprint == fingerprint, kept.isThere {
            return (kept.summary, [])
        }
        let (records, unreadable) = try records(of: study, identities: identities)
        let summary = try conclude(study, records)
        if let fingerprint, unreadable.isEmpty { try? StudySummaryCache(summary, on: fingerprint).write(to: path) }
        return (summary, unreadable)
    }

    private func conclude(_ study: Study, _ records: [Record]) throws -> StudySummary {
        let (table, paths) = try summarise(study.name, records, scores: ScoreChoice(columns: study.columns))
        let claimResults = ClaimResult.of(
            study.claims, runs: study.named, records: records, interimAnalyses: study.interimAnalyses)
        return StudySummary(
            table: table, claims: study.claims.isEmpty ? nil : ClaimResult.table(claimResults), records: records.count,
            diverged: records.filter { $0.outcome != .done }.count, paths: paths)
    }

    private static let conclusionName = "conclusion.plist"

    /// The hash of everything that a summary depends on; nil where a record is so new that a change of it might not
    /// show.
    private func fingerprint(of study: Study, _ identities: [String: Identity]) -> Identity? {
        guard let program = FileSignature("/proc/self/exe") else { return nil }
        let folder = self.study(study.name)
        var lines = [program.text, "\(study.claims.count) claims"]
        lines += study.runs.map { identities[$0.point]?.hex ?? "" }
        for name in ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).sorted() {
            let path = "\(folder)/\(name)"
            if name.hasSuffix(".yaml") || name.hasSuffix(".json") {
                // Small, and written again by each run.
                guard let hash = FileBytes.hash(path) else { return nil }
                lines.append("\(name) \(hash)")
            } else if let product = FileSignature("\(path)/run.h5") {
                let journal = FileSignature("\(path)/run.journal")
                guard product.isSettled(), journal?.isSettled() ?? true else { return nil }
                lines.append("\(name) \(product.text) \(journal?.text ?? "")")
            }
        }
        return Identity(hashing: Array(lines.joined(separator: "\n").utf8))
    }
}

extension FileSignature {
    fileprivate var text: String { "\(inode) \(size) \(modified) \(changed)" }
}
