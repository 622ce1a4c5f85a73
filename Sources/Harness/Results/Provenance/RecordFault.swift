import Storage
import Study

/// A record whose bytes are not those that were written.
package struct RecordFault: Sendable {
    package let path, reason: String
}

extension ResultsFolder {
    /// Reads every record of every study and compares it with the checksum it was sealed with, and the models beside it with their
    /// hashes.
    /// - Returns: how many there are, and those that are damaged or cannot be read.
    package func recordFaults() -> (count: Int, faults: [RecordFault]) {
        var caches = ProductCaches()
        let files = recordFiles()
        let faults = files.compactMap { path -> RecordFault? in
            do { return try Self.fault(ofRecord: path, &caches) } catch {
                return RecordFault(path: path, reason: "\(error)")
            }
        }
        caches.keep()
        return (files.count, faults)
    }

    /// Every byte is read; what a record with the sealed bytes says is known from its summary, if it was read before.
    private static func fault(ofRecord path: String, _ caches: inout ProductCaches) throws -> RecordFault? {
        let isSealed = try isVerified(path)
        let record = try caches.record(path) { try Record.read(path, isVerified: isSealed) }
        guard record.outcome == .done else { return nil }
        let hasAuxiliary = record.run.specification.student.method.auxiliary != nil
        return RunModels.fault(beside: path, hasAuxiliary: hasAuxiliary).map {
            RecordFault(path: path, reason: "\($0.path): \($0.reason)")
        }
    }
}
