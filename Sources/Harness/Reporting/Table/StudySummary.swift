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

/// A summary as it is kept among what is known of a study's records.
private struct KeptSummary: Codable {
    let summary: StudySummary
    /// The signatures of the files that were written.
    let written: [FileSignature]

    init(_ summary: StudySummary) {
        self.summary = summary
        written = summary.paths.compactMap { FileSignature($0) }
    }

    /// Nil for bytes that are none.
    init?(_ bytes: Data) {
        guard let kept = try? PropertyListDecoder().decode(Self.self, from: bytes) else { return nil }
        self = kept
    }

    /// The written files are unchanged.
    var isThere: Bool { summary.paths.compactMap { FileSignature($0) } == written }

    /// A binary property list: every number is preserved, also those that are not finite.
    var bytes: Data? {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        return try? encoder.encode(self)
    }
}

extension ResultsFolder {
    /// The summary of a study's records, with the table and the grid of samples written beside them, and the records
    /// that could not be read, with the reason.
    ///
    /// It is that of the last time where program, study and records are unchanged and the files written then are there. Where records were modified within the last seconds, or cannot be
    /// read, or the cache cannot be written, nothing is cached.
    /// - Parameter identities: the identities of all runs that the study names.
    /// - Throws: `InputError`, `FileError`, `PNGError`.
    package func summary(of study: Study, identities: [String: Identity]) throws -> (
        summary: StudySummary, unreadable: [(path: String, reason: String)]
    ) {
        let folder = self.study(study.name), fingerprint = fingerprint(of: study, identities)
        if let fingerprint, let kept = ProductCache(of: folder).conclusion(for: fingerprint).flatMap(KeptSummary.init),
            kept.isThere
        {
            return (kept.summary, [])
        }
        let (records, unreadable) = try records(of: study, identities: identities)
        let summary = try conclude(study, records)
        if let fingerprint, unreadable.isEmpty, let bytes = KeptSummary(summary).bytes {
            var cache = ProductCache(of: folder)
            cache.conclude(bytes, from: fingerprint)
            cache.keep()
        }
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
