import Foundation
import Results
import Specification
import Study

/// Studies that are run one after another, and how much of their work is left.
package struct Reproduction: Sendable {
    package struct Entry: Sendable {
        package let file: String
        package let study: Study
        /// Pieces of work that are there, and that are left; what an earlier study leaves for it is not counted again.
        package let done, pending: Int
        /// Of those that failed before, which are not tried again of themselves.
        package let failed: Int
        /// By the clock, until it is done.
        package let seconds: Double
    }

    package let entries: [Entry]
    /// Whether finished runs told the speed.
    package let isMeasured: Bool
    /// Pieces of work at a time.
    package let jobs: Int

    /// By the clock, until all is done.
    package var seconds: Double { entries.reduce(0) { $0 + $1.seconds } }

    /// Looks at the studies and at the folder of results; writes and runs nothing.
    /// - Parameter jobs: nil for as many as this machine has cores for.
    /// - Throws: what reading a study throws, and `SpecError` for two of one name, which would take each other's place.
    package init(files: [String], results: ResultsFolder, jobs: Int? = nil) throws {
        let estimate = Estimate(from: results.someRecords(atMost: Estimate.sampleSize))
        let cores = ProcessInfo.processInfo.activeProcessorCount
        var entries: [Entry] = [], counted: Set<Identity> = []
        for file in files {
            let study = try Study(file: file)
            if let other = entries.first(where: { $0.study.name == study.name }) {
                throw SpecError(
                    .file(file, line: 1, column: 1), "two studies of one name",
                    found: "'\(study.name)' in \(other.file) and \(file)",
                    allowed: "a name of its own for each, as their results lie under it")
            }
            let plan = Plan(study, results: results)
            let pending = plan.pending.filter { counted.insert($0.identity).inserted }
            entries.append(
                Entry(
                    file: file, study: study, done: plan.items.count - plan.pending.count - plan.failed.count,
                    pending: pending.count, failed: plan.failed.count,
                    seconds: estimate.seconds(pending.map(\.stage), jobs: jobs ?? plan.jobs(cores: cores))))
        }
        (self.entries, isMeasured, self.jobs) = (entries, estimate.isMeasured, jobs ?? cores)
    }
}
