import Foundation
import Specification
import Storage

/// The tasks of Slurm submitted for each stage, as `slurm/tasks.jsonl` in a study's folder records them.
///
/// Lines are only ever added. A line that a killed submission left unfinished is ignored: its stage is submitted
/// again, and the later of two tasks finds it done.
struct SlurmLedger {
    struct Entry: Codable, Hashable {
        let job, index: Int
        let identity: Identity
        let title: String

        var task: SlurmTask { SlurmTask(job: job, index: index) }
    }

    private let path: String

    /// - Parameter folder: the study's.
    init(of folder: String) { path = "\(folder)/slurm/tasks.jsonl" }

    /// All that was submitted, in its order.
    func entries() -> [Entry] {
        guard let data = FileManager.default.contents(atPath: path) else { return [] }
        let decoder = JSONDecoder()
        return data.split(separator: UInt8(ascii: "\n")).compactMap { try? decoder.decode(Entry.self, from: $0) }
    }

    /// Adds entries, on the disk when the call returns.
    /// - Throws: `FileError`.
    func append(_ entries: [Entry]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        // A line break in front ends what a killed writer may have left.
        var data = Data("\n".utf8)
        for entry in entries { data += try encoder.encode(entry) + Data("\n".utf8) }
        let descriptor = try FileKind.open(path, O_WRONLY | O_CREAT | O_APPEND, attempt: "open the list of tasks")
        defer { close(descriptor) }
        let written = data.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written == data.count, fsync(descriptor) == 0 else {
            throw FileError(path: path, attempt: "write the list of tasks")
        }
    }

    /// The tasks of a study that Slurm still has, the last one of each stage, with their states.
    func live(_ queue: [(task: SlurmTask, state: String)]) -> [(entry: Entry, state: String)] {
        let states = Dictionary(queue.map { ($0.task, $0.state) }) { first, _ in first }
        return entries().compactMap { entry in states[entry.task].map { (entry, $0) } }
    }
}
