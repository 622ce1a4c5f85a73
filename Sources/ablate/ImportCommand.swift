import ArgumentParser
import Harness

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Make a teacher of a released SiT model in safetensors.",
        discussion: """
            The file has the names of the released PyTorch models. Patch, width, depth and classes are told by the shapes of its \
            tensors. A study then says teacher: {checkpoint: FILE}.
            """)

    @Argument(help: "The model, a safetensors file.", completion: .file(extensions: ["safetensors"]))
    var source: String

    @Option(help: "Channels, height and width of what it was trained on, such as 4x32x32.")
    var input: InputShape

    @Option(help: "Heads of the attention (default: the published number for its width).")
    var heads: Int?

    @Option(help: "Which way time runs in it: sit (data at t = 1), repa (noise at t = 1).")
    var convention = PublishedSiT.Convention.sit

    @Option(name: .customLong("to"), help: "The new file.")
    var path: String

    func validate() throws {
        if let heads, heads < 1 { throw ValidationError("--heads is at least 1, not \(heads)") }
    }

    func run() throws {
        let description = try Exit.translating {
            try CheckpointImport.write(source, image: input.image, heads: heads, convention: convention, to: path)
        }
        Console.give("Wrote \(path): a teacher of \(description.classes) classes for samples \(input)")
    }
}
