import ArgumentParser
import Execution
import Results

/// A place where `ablate run` executes stages, listed in `listed`.
struct RunLauncher: ExpressibleByArgument, Sendable {
    /// The name on the command line, and the place in the words of the help.
    let name, place: String
    /// Stages are executed by this machine, in whose memory they must fit.
    let isLocal: Bool
    /// Executes the stages that remain, or has them executed.
    ///
    /// It returns the plan with the status of its stages now, of which what remains is left to this machine's processes; nil
    /// where others still work on them.
    let carryOut: @Sendable (RunCommand, Plan, WorkerOptions) async throws -> Plan?

    /// The places in the order of the help. A test adds one of its own.
    @TaskLocal static var listed: [RunLauncher] = [.local, .slurm]

    /// Leaves all to this machine's processes.
    static let local = RunLauncher(name: "local", place: "in processes of this machine", isLocal: true) { _, plan, _ in
        plan
    }

    init(
        name: String, place: String, isLocal: Bool = false,
        carryOut: @escaping @Sendable (RunCommand, Plan, WorkerOptions) async throws -> Plan?
    ) {
        (self.name, self.place, self.isLocal, self.carryOut) = (name, place, isLocal, carryOut)
    }

    init?(argument: String) {
        guard let launcher = Self.listed.first(where: { $0.name == argument }) else { return nil }
        self = launcher
    }

    static var allValueStrings: [String] { listed.map(\.name) }

    /// The places in words, for the help.
    static var help: ArgumentHelp {
        ArgumentHelp(
            "Where stages are executed: \(listed.map { "\($0.name), \($0.place)" }.joined(separator: "; ")).")
    }

    var defaultValueDescription: String { name }
}
