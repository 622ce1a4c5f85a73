import Foundation
import Specification
import Study

extension ResultsFolder {
    /// The path of each sealed record, over all studies.
    package func recordsByIdentity() -> [Identity: String] {
        var result: [Identity: String] = [:]
        for file in recordFiles() {
            guard let journal = try? Journal.read(Self.journal(ofProduct: file)), let identity = journal.identity,
                case .sealed = journal.state, result[identity] == nil
            else { continue }
            result[identity] = file
        }
        return result
    }

    /// The records of a study's runs, in its order, and the files that cannot be read, with the reason. The record of
    /// an earlier version of the study under the name of a failed run is not included.
    /// - Parameter identities: the identities of all runs that the study names.
    /// - Throws: `InputError` where the folder cannot be listed.
    package func records(of study: Study, identities: [String: Identity]) throws -> (
        records: [Record], unreadable: [(path: String, reason: String)]
    ) {
        let (all, unreadable) = try records(of: self.study(study.name))
        return (all.filter { identities[$0.run.point] == $0.identity }, unreadable)
    }

    /// Records of all studies, evenly spread over them, without those that cannot be read.
    package func someRecords(atMost count: Int) -> [Record] {
        let files = recordFiles(), taken = min(count, files.count)
        return (0..<taken).compactMap { try? Self.verifiedRecord(files[$0 * files.count / taken]) }
    }

    /// The records of all studies, in the order of their paths.
    package func recordFiles() -> [String] {
        var result: [String] = []
        let manager = FileManager.default
        for study in ((try? manager.contentsOfDirectory(atPath: path)) ?? []).sorted() where study != Self.cacheName {
            for point in ((try? manager.contentsOfDirectory(atPath: "\(path)/\(study)")) ?? []).sorted() {
                let file = "\(path)/\(study)/\(point)/run.h5"
                if manager.fileExists(atPath: file) { result.append(file) }
            }
        }
        return result
    }
}
