/// A record whose bytes are not those that were written.
package struct RecordFault: Sendable {
    package let path, reason: String
}

extension ResultsFolder {
    /// Reads every record of every study and compares it with the checksum it was sealed with.
    /// - Returns: how many there are, and those that are damaged or cannot be read.
    package func recordFaults() -> (count: Int, faults: [RecordFault]) {
        let files = recordFiles()
        let faults = files.compactMap { path -> RecordFault? in
            do { _ = try Self.verifiedRecord(path) } catch { return RecordFault(path: path, reason: "\(error)") }
            return nil
        }
        return (files.count, faults)
    }
}
