import CProcess
import Foundation

/// The processor cores that this process may use.
package enum AvailableCores {
    /// The cores that its affinity allows (`taskset`, Slurm), no more than the quota of its control group, and at least 1.
    package static var count: Int {
        let allowed = Int(ablate_allowed_cores())
        let cores = allowed > 0 ? allowed : ProcessInfo.processInfo.activeProcessorCount
        return max(1, min(cores, quota(readingFrom: "/sys/fs/cgroup") ?? cores))
    }

    /// The quota of a control group in whole cores, rounded up; nil where there is none.
    /// - Parameter folder: the group's, with `cpu.max` of version 2 or `cpu/cpu.cfs_quota_us` of version 1.
    static func quota(readingFrom folder: String) -> Int? {
        func numbers(_ name: String) -> [Double?]? {
            (try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8))?.split(whereSeparator: \.isWhitespace)
                .map { Double($0) }
        }
        let parts =
            numbers("cpu.max")
            ?? {
                guard let quota = numbers("cpu/cpu.cfs_quota_us"), let period = numbers("cpu/cpu.cfs_period_us") else {
                    return []
                }
                return quota + period
            }()
        // "max" is no number, and version 1 says -1 for no quota.
        guard parts.count == 2, let quota = parts[0], let period = parts[1], quota > 0, period > 0 else { return nil }
        return max(1, Int((quota / period).rounded(.up)))
    }
}
