import Study

/// The error of a program that did not answer as it should: the evaluation's own failure.
struct PlugInFailure: Error, CustomStringConvertible {
    /// The program's name, "fid.py".
    let program: String
    let found: String
    let allowed: String
    /// The file with what it wrote.
    let log: String

    var description: String { "the program \(program) \(found); allowed: \(allowed); its log: \(log)" }
}

/// The reason for which a program is not run at all: nobody allowed it, or it is another one by now.
package struct PlugInObstacle: Error, CustomStringConvertible {
    package let description: String

    /// The refusal of programs that nobody has allowed, with what would be run.
    package static func notAllowed(_ programs: [PlugIn]) -> PlugInObstacle {
        // One program may answer for several metrics.
        var seen: [String] = []
        for request in programs.map(\.request) where !seen.contains(request) { seen.append(request) }
        return PlugInObstacle(
            description: "the study runs programs, which nobody has allowed\n"
                + seen.map { "  found: \($0)\n" }.joined()
                + "  allowed: --allow-commands, or ABLATE_ALLOW_COMMANDS=1 for all of your studies, once you trust them"
        )
    }
}
