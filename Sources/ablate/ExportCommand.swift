import ArgumentParser
import Execution
import Study

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a model of a run to a safetensors file.",
        discussion: """
            With --naming pytorch the tensors have the names and the layout of the released SiT models, so that they load there \
            with strict=True; networks with other time features than the released ones carry t_embedder.frequencies besides.
            """)

    @Argument(help: "The folder of a run, results/STUDY/POINT.", completion: .directory)
    var folder: String

    @Option(help: "Which model: teacher, student, auxiliary, classifier.")
    var model = CheckpointDescription.Role.student

    @Option(help: "Whose names: ablate, pytorch.")
    var naming = Naming.ablate

    @Option(help: "With pytorch, which way time runs: sit (data at t = 1), repa (noise at t = 1).")
    var convention = PublishedSiT.Convention.sit

    @Option(name: .customLong("to"), help: "The new file.")
    var path: String

    @OptionGroup var overwriting: OverwriteOption

    enum Naming: String, ExpressibleByArgument, CaseIterable { case ablate, pytorch }

    func run() throws {
        try Exit.translating {
            try CheckpointExport(run: folder).write(
                model, naming: naming == .ablate ? .own : .published(convention), to: path,
                overwriting: overwriting.isAllowed)
        }
        Console.give("Wrote \(path)")
    }
}

extension CheckpointDescription.Role: ExpressibleByArgument {}
extension PublishedSiT.Convention: ExpressibleByArgument {}
