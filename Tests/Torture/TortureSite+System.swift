import Foundation
import TestSupport

/// Attacks by what the system gives: streams that are closed or full, and low limits.
extension TortureSite {
    /// Has every verb write its results to a full device and to a closed stream: each says so.
    func fillStreams(_ count: Int) throws -> FaultKind {
        var kind = FaultKind("full and closed streams")
        let point = "undisturbed/tiny/objective=combined,seed=0", other = "undisturbed/tiny/objective=combined,seed=1"
        let verbs = [
            ["show", "undisturbed/tiny"], ["plan", "tiny.yaml"], ["status", "undisturbed/tiny"],
            ["compare", point, other], ["diff", point, other], ["models", "S/8", "--input", "1x8x8"],
            ["why", "tiny.yaml"], ["--help"],
            ["--version"],
            ["cache", "verify", "--results", "undisturbed"], ["cache", "list", "--results", "undisturbed"],
            ["run", "tiny.yaml", "--results", "undisturbed"],
        ]
        for (index, verb) in verbs.enumerated().prefix(count) {
            for output in ["/dev/full", "&-"] {
                let end = try CommandEnd.of(verb, in: folder.path, output: output)
                kind.note(end, expected: [74], "\(verb[0]) into \(output), \(index)")
            }
        }
        return kind
    }

    /// Carries the study out under low limits, then without: what was in the way is told, and the records are the same.
    func lowerLimits(_ count: Int, _ faults: inout Faults) throws -> FaultKind {
        var kind = FaultKind("low limits")
        let limits = [
            // Of the size of a file, in blocks of 512 bytes; of open files; of memory in KiB.
            "ulimit -f 8", "ulimit -n 16", "ulimit -f 40", "ulimit -n 40", "ulimit -f 200", "ulimit -n 64",
        ]
        for (index, limit) in limits.enumerated().prefix(count) where Date() < deadline {
            let results = "limited-\(index)"
            let end = try CommandEnd.of(
                ["run", study, "--results", folder.file(results), "--jobs", "2"], in: folder.path, limit: limit)
            kind.note(end, expected: [0, 74], limit)
            do { try conclude(folder.file(results), &faults, retriesFailed: false) } catch let disturbance
                as Disturbance
            {
                CommandEnd.tell("\(limit): \(disturbance)")
                kind.lost += 1
            }
        }
        return kind
    }
}
