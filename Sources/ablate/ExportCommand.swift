import ArgumentParser
import Execution
import Study

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write a model of a run to a safetensors file.",
        discussion: """
            Beside a student lies then a script of the same name, NAME.py, that samples it in PyTorch and needs nothing else; \
            python NAME.py --check makes the run's stored samples again from their noise.

            With --naming pytorch the tensors have the names and the layout of the released SiT models. A teacher with classes loads \
            there with strict=True where its time features are the released ones and its queries and keys have no norm; others carry \
            t_embedder.frequencies, and students have embedders besides (d_embedder, g_embedder), which only the script knows.
            """)

    @Argument(help: "The folder of a run, results/STUDY/POINT.", completion: .directory)
    var folder: String

    @Option(help: "The model: teacher, student, auxiliary, classifier.")
    var model = CheckpointDescription.Role.student

    @Option(help: "The names of tensors: ablate, pytorch.")
    var naming = Naming.ablate

    @Option(help: "With pytorch, the direction of time: sit (data at t = 1), repa (noise at t = 1).")
    var convention = PublishedSiT.Convention.sit

    @Option(name: .customLong("to"), help: "The new file.")
    var path: String

    @OptionGroup var overwriting: OverwriteOption

    enum Naming: String, ExpressibleByArgument, CaseIterable { case ablate, pytorch }

    func run() throws {
        let script = try Exit.translating {
            let export = try CheckpointExport(run: folder, on: Ablate.backend)
            let naming: CheckpointExport.Naming = naming == .ablate ? .own : .published(convention)
            try export.write(model, naming: naming, to: path, overwriting: overwriting.isAllowed)
            return model == .student
                ? try export.writeScript(beside: path, naming: naming, overwriting: overwriting.isAllowed) : ([], nil)
        }
        Console.give("Wrote \(([path] + script.0).joined(separator: ", "))")
        if let refusal = script.1 { Console.say("No script of PyTorch was written: this is \(refusal)") }
    }
}

extension CheckpointDescription.Role: ExpressibleByArgument {}
extension PublishedSiT.Convention: ExpressibleByArgument {}
