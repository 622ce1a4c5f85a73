import Foundation
import Results
import Specification
import Study

/// Studies that are run one after another, with the stages that remain.
package struct Reproduction: Sendable {
    package struct Entry: Sendable {
        package let file: String
        package let study: Study
        /// The stages that are done, and that remain; a stage shared with an earlier study is not counted again.
        package let done, pending: Int
        /// The stages that failed before, which are not tried again by default.
        package let failed: Int
        /// The estimated wall-clock time.
        package let seconds: Double
        /// The stages that remain.
        package let open: [Stage]
    }

    package let entries: [Entry]
    /// The speed was measured on finished runs.
    package let isMeasured: Bool
    /// The number of stages at a time.
    package let jobs: Int

    /// The estimated wall-clock time of all studies.
    package var seconds: Double { entries.reduce(0) { $0 + $1.seconds } }

    /// Makes the plans of the studies; writes and runs nothing.
    /// - Parameter jobs: stages at a time; nil for one per core.
    /// - Throws: what reading a study throws, and `SpecError` for two of one name, which would take each other's place.
    package init(files: [String], results: ResultsFolder, jobs: Int? = nil) throws {
        let estimate = Estimate(from: results.someRecords(atMost: Estimate.sampleSize))
        let cores = AvailableCores.count
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
                    seconds: estimate.seconds(pending.map(\.stage), jobs: jobs ?? plan.jobs(cores: cores)),
                    open: pending.map(\.stage)))
        }
        (self.entries, isMeasured, self.jobs) = (entries, estimate.isMeasured, jobs ?? cores)
    }
}
