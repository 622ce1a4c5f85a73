import ArgumentParser
import Execution
import Study

/// Whether the programs that a study names for its scores and features may be run.
struct CommandsOption: ParsableArguments {
    @Flag(
        name: .customLong("allow-commands"),
        help: "Run the programs that the study names as metrics or features; else such a study is refused.")
    var isGiven = false

    /// The user's own setting, for all studies: 1 allows.
    static let variable = "ABLATE_ALLOW_COMMANDS"

    var areAllowed: Bool { isGiven || Console.environment[Self.variable] == "1" }

    /// Refuses stages that would run programs which nobody has allowed, with what would be run.
    func check(_ stages: [Stage]) throws {
        let programs = stages.flatMap(\.plugIns)
        guard !programs.isEmpty, !areAllowed else { return }
        Console.say("error: \(PlugInObstacle.notAllowed(programs))")
        throw Exit.wrongUsage
    }
}
