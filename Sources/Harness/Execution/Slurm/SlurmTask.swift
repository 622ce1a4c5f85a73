/// One element of a job array: its job's number and its place in the array.
struct SlurmTask: Hashable, Sendable, CustomStringConvertible {
    let job, index: Int

    /// "123_4", as squeue, scancel and dependencies name it.
    var description: String { "\(job)_\(index)" }

    init(job: Int, index: Int) { (self.job, self.index) = (job, index) }

    init?(_ text: Substring) {
        let parts = text.split(separator: "_", omittingEmptySubsequences: false)
        guard parts.count == 2, let job = Int(parts[0]), let index = Int(parts[1]) else { return nil }
        (self.job, self.index) = (job, index)
    }
}
