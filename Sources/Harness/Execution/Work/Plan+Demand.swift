import FlowMaps
import Results
import Specification
import Storage
import Study

/// What cannot be carried out though each of its numbers makes sense, told before anything begins.
extension Plan {
    /// Why a run that is to be done does not fit in the memory of a machine; nil where all may.
    /// - Parameter memory: in bytes.
    package func shortage(of memory: Double) -> String? {
        for item in pending {
            guard case .run(let stage) = item.stage else { continue }
            let demand = RunDemand(stage.run.specification)
            guard demand.bytes > memory, let largest = demand.parts.first else { continue }
            return """
                \(study.name): the run \(stage.run.point) would need \(RegularFile.text(bytes: demand.bytes)) of memory at least
                  found: \(RegularFile.text(bytes: largest.bytes)) for \(largest.key)
                  allowed: the \(RegularFile.text(bytes: memory)) of this machine
                """
        }
        return nil
    }

    /// Seconds that nobody waits for: a year.
    private static let longest = 365.25 * 24 * 3600

    /// A warning where what is to be done takes more than a year; nil where it does not.
    package func slowness(_ estimate: Estimate, jobs: Int) -> String? {
        let seconds = estimate.seconds(pending.map(\.stage), jobs: jobs)
        guard !(seconds <= Self.longest) else { return nil }
        return "\(study.name) would take about \(NumberFormat.text(seconds / Self.longest)) years with \(jobs) jobs"
    }
}
