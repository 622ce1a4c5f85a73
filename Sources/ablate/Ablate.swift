import ArgumentParser
import Dispatch
import Foundation
import Results
import Study

@main
enum Program {
    static func main() {
        StandardStreams.claimClosed()
        ProcessSetup.handleSignals()
        // A host of work copies itself, for which it must have one thread.
        if CommandLine.arguments.dropFirst() == [WorkerCommand.name] { return WorkerCommand.main([]) }
        StandardStreams.checkAtExit()
        if let lacking = ProcessSetup.raiseFileLimit() {
            Console.say("error: \(lacking)")
            exit(Exit.cannotWrite.rawValue)
        }
        do { try Ablate.checkArguments(Array(CommandLine.arguments.dropFirst())) } catch {
            Ablate.exit(withError: error)
        }
        do { try Ablate.checkEnvironment() } catch { Ablate.exit(withError: error) }
        if CommandLine.arguments.dropFirst().first != InspectCommand.name {
            RecordInspection.use(["/proc/self/exe", InspectCommand.name])
        }
        Task {
            await Ablate.main()
            exit(0)
        }
        dispatchMain()
    }
}

struct Ablate: AsyncParsableCommand {
    /// The commands in the order of the help. A test adds one of its own.
    @TaskLocal static var commands: [any (ParsableCommand & SendableMetatype).Type] = [
        InitCommand.self, SchemaCommand.self, RunCommand.self, PlanCommand.self, ReproduceCommand.self,
        StatusCommand.self, ShowCommand.self, ReportCommand.self, CompareCommand.self, ConvertCommand.self,
        WhyCommand.self, DiffCommand.self, RerunCommand.self, CancelCommand.self, CacheCommand.self,
        GarbageCommand.self, ModelsCommand.self, DevicesCommand.self, SampleCommand.self, StatisticsCommand.self,
        ExportCommand.self, ImportCommand.self, WorkerCommand.self, TaskCommand.self, ManualCommand.self,
        InspectCommand.self,
    ]

    static var configuration: CommandConfiguration {
        CommandConfiguration(
            commandName: "ablate",
            abstract: "Declare a study of flow-map distillation as one YAML file, run it, and get an answer.",
            discussion: """
                Results go to standard output, everything else to standard error.

                EXIT CODES
                  0   all is done            64  wrong usage of a command
                  1   some runs failed       65  the study is invalid
                      or diverged            66  an input file is missing
                                             70  a defect of this program
                                             74  a file cannot be written
                                            130  stopped by Ctrl-C
                """,
            version: Version.description,
            subcommands: commands)
    }
}

/// The folder of results.
struct ResultsOption: ParsableArguments {
    @Option(name: .customLong("results"), help: "The folder that results go to.")
    var path = "results"

    var folder: ResultsFolder { ResultsFolder(path) }
}

/// Whether a file that is named for a result may be replaced: one rule for every verb.
struct OverwriteOption: ParsableArguments {
    @Flag(name: .customLong("overwrite"), help: "Replace a file that is there already.")
    var isAllowed = false
}

/// A study file, and changes of it.
struct StudyArguments: ParsableArguments {
    @Argument(help: "The study, a YAML file.", completion: .file(extensions: ["yaml", "yml"]))
    var study: String

    @Option(
        name: .customLong("set"), help: "A change of the file: path=value, such as base.student.optimization.steps=100."
    )
    var settings: [String] = []

    @Option(
        help:
            "Only runs with this value on an axis, such as distribution=uniform; several values with commas. Repeated, runs that fit each."
    )
    var only: [String] = []

    @Option(help: "Repetitions instead of the study's own, such as 0..4 or 0,2.")
    var seeds: String?

    /// - Parameters:
    ///   - interimAnalyses: the analyses of its claims, with the seeds that were added for them.
    ///   - isRunning: what is found in data files is kept for later; else large folders of pictures are not read.
    func load(
        _ interimAnalyses: InterimAnalyses? = nil, in results: ResultsFolder, isRunning: Bool
    ) throws -> Study {
        try Exit.translating {
            try Study.read(
                study,
                changes: Study.Changes(settings: settings, only: only, seeds: seeds, interimAnalyses: interimAnalyses),
                data: DataCache("\(results.cache)/\(ResultsFolder.dataName)", isWriting: isRunning))
        }
    }

    /// The study with the seeds that were added to it in a folder of results, unless `--seeds` names others.
    func load(in results: ResultsFolder, isRunning: Bool = false) throws -> Study {
        let study = try load(nil, in: results, isRunning: isRunning)
        guard seeds == nil, let interimAnalyses = results.interimAnalyses(at: study) else { return study }
        return try load(interimAnalyses, in: results, isRunning: isRunning)
    }
}
