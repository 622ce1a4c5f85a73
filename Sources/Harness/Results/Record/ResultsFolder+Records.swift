import Foundation
import Specification

extension ResultsFolder {
    /// Where each sealed record lies, over all studies.
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

    /// Records of all studies, evenly spread over them, without those that cannot be read.
    public func someRecords(atMost count: Int) -> [Record] {
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
