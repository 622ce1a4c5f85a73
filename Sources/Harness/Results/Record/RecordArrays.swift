import Storage
import Synchronization

/// The large arrays of a record. Those of a record that is known from its summary are read from its file when they are first asked
/// for: a table of a thousand runs needs none of them.
package final class RecordArrays: Sendable {
    struct Content: Sendable {
        var samples: SavedSamples?
        var overTraining: SampleSnapshots?
        var trajectories: Trajectories?
    }

    /// The length of one sample of each kind; nil where there is none of the kind.
    package struct Lengths: Codable, Hashable, Sendable {
        package let samples, overTraining, trajectories: Int?
        /// The numbers of steps that there are samples in.
        package let steps: [Int]

        init(_ content: Content) {
            samples = content.samples?.dimension
            steps = content.samples?.steps ?? []
            overTraining = content.overTraining?.dimension
            trajectories = content.trajectories?.dimension
        }

        var areAllAbsent: Bool { samples == nil && overTraining == nil && trajectories == nil }
    }

    let lengths: Lengths
    private let path: String
    private let known: Mutex<Content?>

    init(_ content: Content) {
        lengths = Lengths(content)
        path = ""
        known = Mutex(content)
    }

    /// - Parameter path: the record, which was found whole with these lengths.
    init(_ lengths: Lengths, in path: String) {
        (self.lengths, self.path) = (lengths, path)
        known = Mutex(lengths.areAllAbsent ? Content() : nil)
    }

    /// The arrays; none where the record has gone since its summary was read.
    var content: Content {
        known.withLock { known in
            if let known { return known }
            let content = (try? HDF5File.read(path) { try Content($0) }) ?? Content()
            known = content
            return content
        }
    }

    /// The arrays with a change.
    func changed(_ change: (inout Content) -> Void) -> RecordArrays {
        var content = content
        change(&content)
        return RecordArrays(content)
    }
}

extension RecordArrays.Content {
    /// Reads them from the root of a record.
    init(_ root: HDF5GroupReader) throws {
        let groups = try root.groupNames()
        self.init(
            samples: try groups.contains("samples") ? SavedSamples(root.group("samples")) : nil,
            overTraining: try groups.contains("samplesOverTraining")
                ? SampleSnapshots(root.group("samplesOverTraining")) : nil,
            trajectories: try groups.contains("trajectories") ? Trajectories(root.group("trajectories")) : nil)
    }
}
