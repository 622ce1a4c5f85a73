import Foundation
import Results
import Specification
import Storage
import Study

/// What a study's records come to: what `ablate run` says at its end.
package struct StudySummary: Codable, Sendable {
    package let table: Table
    /// How the study's claims came out; nil where it makes none.
    package let claims: Table?
    /// How many records there are, and how many of them of runs that diverged.
    package let records, diverged: Int
    /// What was written from them.
    package let paths: [String]

    package init(table: Table, claims: Table?, records: Int, diverged: Int, paths: [String]) {
        (self.table, self.claims, self.records, self.diverged) = (table, claims, records, diverged)
        self.paths = paths
    }
}

/// A conclusion, and what it was drawn from.
private struct StudySummaryCache: Codable {
    let fingerprint: Identity
    let summary: StudySummary
    /// Of the paths that were written.
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

    /// Whether what was written lies as it was left.
    var isThere: Bool { summary.paths.compactMap { FileSignature($0) } == written }

    /// A binary property list, behind its hash: every number comes back, also what is not finite.
    func write(to path: String) throws {
        let encoder = PropertyListEncoder()
        encoder.outputFormat = .binary
        let bytes = [UInt8](try encoder.encode(self))
        try AtomicFile.write(SHA256.hash(bytes) + bytes, to: path)
    }
}

extension ResultsFolder {
    /// What a study's records come to, its table and its grid of samples written beside them, and the records that could not be read,
    /// with the reason.
    ///
    /// It is what was concluded before, where program, study and records are as they were and what was written then is there: reading
    /// 1,000 records takes two seconds. Where records were touched within the last seconds, or cannot be read, or it cannot be
    /// written, the conclusion is not kept.
    /// - Parameter identities: of all runs that the study names.
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

    /// The hash of all that a conclusion hangs on; nil where a record is so new that a change of it might not show.
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
