import ArgumentParser
import Harness

@main
struct Ablate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ablate",
        abstract: "Declare a study of flow-map distillation as one YAML file, run it, and get an answer.",
        discussion: """
            Results go to standard output, everything else to standard error.

            EXIT CODES
              0   all is done            64  wrong usage of a command
              1   some runs failed       65  the study makes no sense
                  or diverged            66  an input file is missing
                                         70  a defect of this program
                                         74  a file cannot be written
                                        130  stopped by Ctrl-C
            """,
        version: Version.text,
        subcommands: [
            RunCommand.self, PlanCommand.self, StatusCommand.self, ShowCommand.self, ModelsCommand.self,
            SampleCommand.self, ExportCommand.self, ImportCommand.self, WorkCommand.self,
        ])
}

/// Where results go.
struct ResultsOption: ParsableArguments {
    @Option(name: .customLong("results"), help: "The folder that results go to.")
    var path = "results"

    var folder: ResultsFolder { ResultsFolder(path) }
}

/// A study file, and changes of it.
struct StudyArguments: ParsableArguments {
    @Argument(help: "The study, a YAML file.", completion: .file(extensions: ["yaml", "yml"]))
    var study: String

    @Option(
        name: .customLong("set"), help: "A change of the file: path=value, such as base.student.optimization.steps=100."
    )
    var settings: [String] = []

    func load() throws -> Study {
        try Exit.translating { try Study(file: study, settings: settings) }
    }
}
