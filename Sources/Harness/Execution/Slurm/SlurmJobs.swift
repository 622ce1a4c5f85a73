/// The tasks of a study that Slurm has.
package struct SlurmJobs: Sendable {
    private let ledger: SlurmLedger
    private let slurm = Slurm()

    /// - Parameter studyFolder: the folder of a study's results.
    package init(of studyFolder: String) { ledger = SlurmLedger(of: studyFolder) }

    /// Some stage of the study was submitted at some time.
    package var isKnown: Bool { !ledger.entries().isEmpty }

    /// The number of tasks in each state, "PENDING" and "RUNNING" among them, in the order of Slurm.
    /// - Throws: `SlurmError`.
    package func states() async throws -> [(state: String, count: Int)] {
        var counts: [(state: String, count: Int)] = []
        for (_, state) in ledger.live(try await slurm.queue()) {
            if let index = counts.firstIndex(where: { $0.state == state }) {
                counts[index].count += 1
            } else {
                counts.append((state, 1))
            }
        }
        return counts
    }

    /// Cancels every task that waits or runs.
    /// - Returns: the number of tasks.
    /// - Throws: `SlurmError`.
    package func cancel() async throws -> Int {
        let live = ledger.live(try await slurm.queue())
        // So many to a call that the command line does not get too long.
        for start in stride(from: 0, to: live.count, by: 500) {
            try await slurm.cancel(live[start..<min(live.count, start + 500)].map(\.entry.task))
        }
        return live.count
    }
}
