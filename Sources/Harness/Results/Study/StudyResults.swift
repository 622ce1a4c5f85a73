import Foundation
import Specification
import Storage
import Study

/// A study as read from its folder of results, without the study file.
public struct StudyResults: Sendable {
    /// The study's folder.
    public let folder: String
    /// The name of the study.
    public let name: String
    /// The study's question; nil where the folder has no manifest.
    public let question: String?
    /// The study as it was written; nil where that file is missing.
    public let text: String?
    /// The study's claims.
    public let claims: [Claim]
    /// The interim analyses of the claims, where seeds were added to decide them.
    public var interimAnalyses: InterimAnalyses?
    /// The columns of its table.
    public var scores = ScoreChoice.few
    /// All runs that the study names, done or not; without a manifest those that left a record.
    public let runs: [any Placed]
    /// The records, at least one, in the study's order.
    public let records: [Record]
    /// The files of the folder that were not used, with the reason.
    public let leftOut: [Omission]
    /// The figures that it requests; nil where they follow from its axes.
    public var figures: [FigureChoice]? = nil
    /// The study as it ran, with its base extended and the changes of the command line; nil where that file is
    /// missing.
    public var resolved: String? = nil

    /// A file that was not used, with the reason.
    public struct Omission: Hashable, Sendable, CustomStringConvertible {
        public let path, reason: String
        /// The path and the reason.
        public var description: String { "left out \(path): \(reason)" }
    }

    /// Reads a study's folder.
    /// - Throws: `InputError` where the folder cannot be listed or has no record that can be read.
    public static func read(_ folder: String) throws -> StudyResults {
        let folder = folder.count > 1 && folder.hasSuffix("/") ? String(folder.dropLast()) : folder
        let (all, unreadable) = try ResultsFolder("").records(of: folder)
        var leftOut = unreadable.map { Omission(path: $0.path, reason: $0.reason) }
        var manifest: StudyManifest?
        do { manifest = try StudyManifest.read(from: folder) } catch {
            leftOut.append(Omission(path: "\(folder)/\(StudyManifest.fileName)", reason: "\(error)"))
        }
        let name = manifest?.study ?? all.first?.run.study ?? ""
        let records = all.filter { record in
            let reason = foreignness(of: record, to: manifest, name)
            if let reason { leftOut.append(Omission(path: "\(folder)/\(record.run.point)/run.h5", reason: reason)) }
            return reason == nil
        }
        guard !records.isEmpty else {
            throw InputError(
                path: folder, attempt: "read the study's records", reason: "none is there that can be used")
        }
        func text(_ name: String) -> String? {
            FileManager.default.contents(atPath: "\(folder)/\(name)").map { String(decoding: $0, as: UTF8.self) }
        }
        return StudyResults(
            folder: folder, name: name, question: manifest?.question, text: text("study.yaml"),
            claims: manifest?.claims ?? [], interimAnalyses: manifest?.interimAnalyses,
            scores: ScoreChoice(columns: manifest?.columns),
            runs: manifest?.points ?? records.map(\.run), records: records, leftOut: leftOut,
            figures: manifest?.figures, resolved: text("resolved.yaml"))
    }

    /// The reason why a record is not one of the study's; nil where it is one.
    private static func foreignness(of record: Record, to manifest: StudyManifest?, _ name: String) -> String? {
        guard record.run.study == name else { return "a record of the study '\(record.run.study)'" }
        guard let manifest else { return nil }
        guard let point = manifest.points.first(where: { $0.point == record.run.point }) else {
            return "the study names no such run"
        }
        return point.identity == record.identity ? nil : "a record of another version of the study"
    }

    /// The same study with some of its records.
    package func keeping(_ records: [Record]) -> StudyResults {
        StudyResults(
            folder: folder, name: name, question: question, text: text, claims: claims,
            interimAnalyses: interimAnalyses, scores: scores, runs: runs, records: records, leftOut: leftOut,
            figures: figures, resolved: resolved)
    }

    /// The results of its claims.
    public var claimResults: [ClaimResult] {
        ClaimResult.of(claims, runs: runs, records: records, interimAnalyses: interimAnalyses)
    }

    /// The names of runs that left no record.
    public var missing: [String] {
        let known = Set(records.map(\.run.point))
        return runs.map(\.point).filter { !known.contains($0) }
    }
}
