import Foundation
import Results
import Specification
import Storage
import Study

/// Submits a plan to Slurm: arrays of jobs, each behind those that it needs. The folder of results is to be on a file system that
/// all machines of the cluster share.
///
/// It is no `Launcher`: it does not stay while the work goes on. A submission is made again at any time; what is done, and what
/// Slurm still has, is left alone.
package struct SlurmLauncher: Sendable {
    private let executable: String
    private let arguments: [String]
    private let profile: SlurmProfile
    private let slurm = Slurm()

    /// What a submission did.
    package struct Submission: Sendable {
        /// Pieces of work that were submitted now, and that Slurm had already.
        package let submitted, queued: Int
        /// The numbers of the jobs submitted now.
        package let jobs: [Int]
    }

    /// - Parameters:
    ///   - executable: an absolute path that all machines know.
    ///   - arguments: after which the executable takes a file of `WorkerRequest`s, a line of JSON each, and the number of a line.
    package init(executable: String, arguments: [String], profile: SlurmProfile) {
        (self.executable, self.arguments, self.profile) = (executable, arguments, profile)
    }

    /// As many elements as an array has where Slurm's own setting, MaxArraySize, is as it comes.
    private static let largestArray = 1000

    /// - Parameters:
    ///   - works: what is to be done, in any order, with all that they need and that is not done.
    ///   - order: what a job is told for a piece of work.
    /// - Throws: `SlurmError`, `FileError`.
    package func submit(
        _ works: [Stage], of study: String, in results: ResultsFolder, order: (Stage, ResultsFolder) -> WorkerRequest
    ) async throws -> Submission {
        let folder = results.study(study), ledger = SlurmLedger(of: folder)
        try ResultsFolder.create("\(folder)/slurm")
        var tasks: [Identity: SlurmTask] = [:]
        for live in ledger.live(try await slurm.queue()) { tasks[live.entry.identity] = live.entry.task }
        let identified = works.map { (stage: $0, identity: $0.identity) }
        var left = identified.filter { tasks[$0.identity] == nil }
        let queued = works.count - left.count, submitted = left.count
        var jobs: [Int] = []
        while !left.isEmpty {
            let missing = Set(left.map(\.identity))
            var batches = Batches()
            for (stage, identity) in left {
                let needs = stage.needs.map(\.identity)
                if needs.allSatisfy({ !missing.contains($0) }) {
                    batches.add(stage, identity, after: needs.compactMap { tasks[$0] })
                }
            }
            precondition(!batches.all.isEmpty, "work that needs itself")
            for batch in batches.all {
                for start in stride(from: 0, to: batch.works.count, by: Self.largestArray) {
                    let works = Array(batch.works[start..<min(batch.works.count, start + Self.largestArray)])
                    let orders = try write(works.map { order($0.stage, results) }, to: folder)
                    let job = try await slurm.submit(
                        command(orders), count: works.count, after: batch.after, options: options(study, folder))
                    let entries = works.enumerated().map { index, item in
                        SlurmLedger.Entry(job: job, index: index, identity: item.identity, title: item.stage.title)
                    }
                    try ledger.append(entries)
                    for entry in entries { tasks[entry.identity] = entry.task }
                    jobs.append(job)
                }
            }
            left.removeAll { tasks[$0.identity] != nil }
        }
        return Submission(submitted: submitted, queued: queued, jobs: jobs)
    }

    private func options(_ study: String, _ folder: String) -> [String] {
        [
            "--job-name=ablate-\(study)", "--ntasks=1", "--cpus-per-task=1",
            // A job whose machine is taken away begins again, and goes on from its checkpoint and in its log.
            // In the name of a log "%" begins a symbol; twice, it is itself.
            "--requeue", "--open-mode=append", "--output=\(folder.replacing("%", with: "%%"))/slurm/%A_%a.log",
            // Time for a last checkpoint before the limit.
            "--signal=B:TERM@60",
        ] + profile.options
    }

    private func command(_ orders: String) -> String {
        func quoted(_ word: String) -> String { "'" + word.replacing("'", with: "'\\''") + "'" }
        let words = ([executable] + arguments + [orders]).map(quoted).joined(separator: " ")
        return "exec \(words) \"$SLURM_ARRAY_TASK_ID\""
    }

    private func write(_ orders: [WorkerRequest], to folder: String) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var data = Data()
        for order in orders { data += try encoder.encode(order) + Data("\n".utf8) }
        // Named by what is in it: a submission that was cut off and is made again writes the same file.
        let path = "\(folder)/slurm/orders-\(Identity(hashing: [UInt8](data)).short).jsonl"
        try AtomicFile.write(data, to: path)
        return path
    }
}

/// Pieces of work by the tasks that they wait for, in the order in which these were first met.
private struct Batches {
    struct Batch {
        let after: [SlurmTask]
        var works: [(stage: Stage, identity: Identity)] = []
    }

    private(set) var all: [Batch] = []
    private var places: [[SlurmTask]: Int] = [:]

    mutating func add(_ stage: Stage, _ identity: Identity, after tasks: [SlurmTask]) {
        if places[tasks] == nil {
            places[tasks] = all.count
            all.append(Batch(after: tasks))
        }
        all[places[tasks]!].works.append((stage, identity))
    }
}
