/// A record whose bytes are not those that were written.
package struct RecordFault: Sendable {
    package let path, reason: String
}

extension ResultsFolder {
    /// Reads every record of every study and compares it with the checksum it was sealed with, and the models beside it with their
    /// hashes.
    /// - Returns: how many there are, and those that are damaged or cannot be read.
    package func recordFaults() -> (count: Int, faults: [RecordFault]) {
        let files = recordFiles()
        let faults = files.compactMap { path -> RecordFault? in
            do {
                let record = try Self.verifiedRecord(path)
                guard record.outcome == .done else { return nil }
                let hasAuxiliary = record.run.specification.student.method.auxiliary != nil
                return RunModels.fault(beside: path, hasAuxiliary: hasAuxiliary).map {
                    RecordFault(path: path, reason: "\($0.path): \($0.reason)")
                }
            } catch {
                return RecordFault(path: path, reason: "\(error)")
            }
        }
        return (files.count, faults)
    }
}
